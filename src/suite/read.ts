import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { GauntletError, messageOf } from '../errors.js';
import { parseLocatedYaml, type Path } from '../text/located-yaml.js';
import { parseBudget } from './budget.js';
import { namingProblem } from './naming.js';
import { resolveSuite } from './resolve.js';
import { ownSchema } from '../text/own-schema.js';
import { firstProblem, pathText } from '../text/schema-problem.js';
import { suiteSchema, type SuiteFile } from './schema.js';
import type { Suite } from './suite.js';

const check = ownSchema<SuiteFile>(suiteSchema, {
  allErrors: true,
  discriminator: true,
  allowUnionTypes: true,
  strictTypes: false,
});

/**
 * Reads a suite file.
 * @param path of a YAML file; paths inside it are relative to its folder
 * @throws GauntletError UNKNOWN_SUITE when there is no such file; SUITE_INVALID with line and column when it is malformed
 */
export async function readSuite(path: string): Promise<Suite> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new GauntletError('UNKNOWN_SUITE', `The suite file ${path} cannot be read: ${messageOf(cause)}.`, {
      cause,
    });
  });
  return parseSuite(text, path);
}

/**
 * A suite from its YAML text.
 * @param source path of the file, for messages and for resolving paths
 * @throws GauntletError SUITE_INVALID
 */
export async function parseSuite(text: string, source: string): Promise<Suite> {
  const fail = (position: string, message: string, cause?: unknown) =>
    new GauntletError('SUITE_INVALID', `${position}: ${message}.`, { cause });
  const yaml = parseLocatedYaml(text, source, fail);
  const checked = check(yaml.content);
  if (!checked.valid) {
    const { path, message } = firstProblem(checked.errors);
    throw fail(yaml.at(path), `${pathText(path)}: ${message}`);
  }
  const content = checked.value;
  for (const { path, budget } of budgetsOf(content)) {
    await parseBudget(budget).catch((cause: unknown) => {
      throw fail(yaml.at(path), `${pathText(path)}: ${messageOf(cause).replace(/\.$/, '')}`, cause);
    });
  }
  const suite = await resolveSuite(content, dirname(resolve(source))).catch((cause: unknown) => {
    throw fail(source, messageOf(cause).replace(/\.$/, ''), cause);
  });
  const naming = namingProblem(suite);
  if (naming !== null) {
    const path = naming.entry === null ? ['rank'] : ['entries', naming.entry];
    throw fail(yaml.at(path), `${pathText(path)}: ${naming.message}`);
  }
  return suite;
}

/** Every budget of the file with its place. */
function budgetsOf(file: SuiteFile): { path: Path; budget: string | number }[] {
  return file.entries.flatMap((entry, i) => {
    if (entry.kind === 'corruption') return [];
    if (entry.kind === 'curve') {
      return entry.epsilons.map((budget, j) => ({ path: ['entries', i, 'epsilons', j], budget }));
    }
    const { threat } = entry;
    return threat.kind === 'lp'
      ? [{ path: ['entries', i, 'threat', 'epsilon'], budget: threat.epsilon }]
      : [];
  });
}
