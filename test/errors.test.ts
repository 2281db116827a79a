import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { errorCatalogue, EXIT, GauntletError, messageOf, type ErrorKey } from '../src/errors.js';

const PAGE = resolve('docs/errors.md');

const EXIT_MEANING: Record<number, string> = {
  [EXIT.usage]: '2 (usage)',
  [EXIT.runFailed]: '3 (run failed)',
};

/** The page as the catalogue has it. */
function renderErrorsPage(): string {
  const entries = Object.entries(errorCatalogue).map(([key, entry]) => {
    const code = `GAUNTLET_E_${key}`;
    return `| <a id="${code.toLowerCase()}"></a>\`${code}\` | ${entry.summary} | ${entry.help} | ${EXIT_MEANING[entry.exit] ?? ''} |`;
  });
  return [
    '# Errors',
    '',
    'Every error that Gauntlet prints has a code. This page is generated from `src/errors.ts`',
    '(`UPDATE_GENERATED=1 npm test` writes it); `--debug` adds the stack to what is printed.',
    '',
    'Exit codes: 0 ok, 1 gate failed, 2 wrong usage or configuration, 3 run failed (finished cells are kept),',
    '130 interrupted.',
    '',
    '<!-- prettier-ignore-start -->',
    '| code | meaning | what to do | exit |',
    '| --- | --- | --- | --- |',
    ...entries,
    '<!-- prettier-ignore-end -->',
    '',
  ].join('\n');
}

describe('docs/errors.md', () => {
  it('lists exactly the catalogue', () => {
    const page = renderErrorsPage();
    if (process.env['UPDATE_GENERATED'] === '1') writeFileSync(PAGE, page);
    expect(readFileSync(PAGE, 'utf8')).toBe(page);
  });
});

describe('the catalogue of errors', () => {
  const keys = Object.keys(errorCatalogue) as ErrorKey[];

  it.each(keys)('%s is a sentence with something to do and a failing exit code', (key) => {
    const { summary, help, exit } = errorCatalogue[key];
    expect(summary).toMatch(/^[A-Z].*\.$/);
    expect(help).toMatch(/\.$/);
    expect([EXIT.usage, EXIT.runFailed]).toContain(exit);
  });
});

describe('a GauntletError', () => {
  it('carries code, message, help, exit code and cause', () => {
    const cause = new Error('deep');
    const error = new GauntletError('DATA_INVALID', 'x.npz is cut short.', { cause });
    expect(error).toMatchObject({
      code: 'GAUNTLET_E_DATA_INVALID',
      message: 'x.npz is cut short.',
      help: errorCatalogue.DATA_INVALID.help,
      exitCode: EXIT.usage,
      cause,
    });
  });

  it('can say better than the catalogue what to do', () => {
    expect(new GauntletError('USAGE', 'm', { help: 'Do this.' }).help).toBe('Do this.');
  });
});

describe('messageOf', () => {
  it('takes whatever was thrown', () => {
    expect(messageOf(new Error('a'))).toBe('a');
    expect(messageOf('b')).toBe('b');
    expect(messageOf(undefined)).toBe('undefined');
  });
});
