import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { GauntletError, messageOf } from '../errors.js';
import { packageRoot } from '../resources.js';
import type { BenchReport } from '../results/schema/bench.js';
import { parseResult } from '../results/validate.js';

/** An earlier report to compare with, and where it comes from. */
export interface Baseline {
  readonly file: string;
  readonly report: BenchReport;
}

/** The repository's own; it does not come with the package. */
const COMMITTED = join(packageRoot, 'results', 'bench-baseline.json');

/**
 * Reads a baseline.
 * @param file a report; the repository's own if undefined, none if false
 * @returns undefined when there is none
 * @throws GauntletError USAGE when the named file cannot be read, RESULT_INVALID when it is no report
 */
export async function openBaseline(file: string | false | undefined): Promise<Baseline | undefined> {
  if (file === false || (file === undefined && !existsSync(COMMITTED))) return undefined;
  const path = file ?? COMMITTED;
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new GauntletError('USAGE', `The baseline cannot be read: ${messageOf(error)}`, { cause: error });
  });
  return { file: file ?? relative(process.cwd(), COMMITTED), report: parseResult('bench', text, path) };
}
