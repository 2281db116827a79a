import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { attackItems } from '../../src/cli/attack-inventory.js';
import { findComposite, loadAttack } from '../../src/plugin/registry.js';
import { attackHeader } from './attack-header.js';
import { attackIndex, attackPage } from './attack-page.js';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'docs/attacks');
const updating = process.env['UPDATE_GENERATED'] === '1';
const items = await attackItems();

const sourceOf = (id: string): string => readFileSync(join(root, 'attacks', `${id}.ts`), 'utf8');

function expectWritten(name: string, page: string): void {
  const file = join(folder, name);
  if (updating) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, page);
  }
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(page);
}

describe('docs/attacks', () => {
  it.each(items.map((item) => [item.id, item] as const))(
    '%s.md is what the attack says of itself',
    async (id, item) => {
      const plugin = (await findComposite(id)) ?? (await loadAttack(id));
      expectWritten(`${id}.md`, await attackPage(item, plugin, sourceOf(id)));
    },
  );

  it('README.md lists the attacks as `gauntlet list attacks` does', () => {
    expectWritten('README.md', attackIndex(items));
  });

  it('has a page of nothing else', () => {
    const names = new Set(['README.md', ...items.map(({ id }) => `${id}.md`)]);
    const stray = readdirSync(folder).filter((name) => !names.has(name));
    if (updating) for (const name of stray) rmSync(join(folder, name));
    expect(readdirSync(folder).filter((name) => !names.has(name))).toEqual([]);
  });
});

describe('the header of an attack', () => {
  it.each(items.map(({ id }) => id))('of %s names tests and scripts that are there', (id) => {
    const { check, notes } = attackHeader(sourceOf(id), `attacks/${id}.ts`);
    const named = [check, ...notes].flatMap((text) => text.match(/(?<=`)(test|scripts)\/[^`]+(?=`)/g) ?? []);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  const header = (...paragraphs: string[]) =>
    `/**\n${paragraphs.map((text) => ` * ${text}\n`).join(' *\n')} */\n`;
  const whole = [
    'A: what\n * it does.',
    'Someone, 2020.',
    'Checked against B. Deviations: none.',
    'A note.',
    'Limits: many.',
  ];

  it('is read by paragraph', () => {
    expect(attackHeader(header(...whole), 'a.ts')).toEqual({
      about: 'A: what it does.',
      sources: ['Someone, 2020.'],
      check: 'Checked against B. Deviations: none.',
      notes: ['A note.'],
      limits: 'Many.',
    });
  });

  it.each([
    ['a check', whole.toSpliced(2, 1), 'a.ts: its header has no paragraph that begins with "Checked against'],
    ['deviations', whole.toSpliced(2, 1, 'Checked against B.'), 'does not say "Deviations: ..."'],
    ['limits', whole.slice(0, -1), 'has no paragraph that begins with "Limits: ..."'],
  ])('without %s is refused, and the message says what is missing', (_what, paragraphs, message) => {
    expect(() => attackHeader(header(...paragraphs), 'a.ts')).toThrow(message);
  });

  it('is not there in a file that begins with code', () => {
    expect(() => attackHeader('export {};\n', 'a.ts')).toThrow('a.ts: its header is missing');
  });
});
