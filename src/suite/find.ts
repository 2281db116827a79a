import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { GauntletError } from '../errors.js';
import { resourcePath } from '../resources.js';
import { readSuite } from './read.js';
import { isPath } from './reference.js';
import type { Suite } from './suite.js';

const ENDING = '.yaml';

/** Ids of the suites that come with the package, in alphabetical order. */
export async function listSuites(): Promise<string[]> {
  const files = await readdir(resourcePath('suites'));
  return files
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .sort();
}

/**
 * Finds a suite by built-in id or by path.
 * @throws GauntletError UNKNOWN_SUITE, SUITE_INVALID
 */
export async function findSuite(nameOrPath: string): Promise<Suite> {
  if (isPath(nameOrPath)) return readSuite(nameOrPath);
  const path = resourcePath('suites', `${nameOrPath}${ENDING}`);
  if (existsSync(path)) return readSuite(path);
  const known = await listSuites();
  throw new GauntletError(
    'UNKNOWN_SUITE',
    `There is no suite "${nameOrPath}"; there are ${known.join(', ')}.`,
  );
}
