import { GauntletError, type ErrorKey } from '../errors.js';
import type { CellResult } from '../evaluate/cell.js';
import { ownSchema } from '../text/own-schema.js';
import { firstProblem, pathText } from '../text/schema-problem.js';
import { inconsistency } from './consistency.js';
import type { ArchiveManifest } from './schema/archive.js';
import type { AttackOutput } from './schema/attack-output.js';
import type { BenchReport } from './schema/bench.js';
import { SCHEMAS } from './schema/generate.js';
import type { LatentReport } from './schema/latent.js';
import type { Leaderboard } from './schema/leaderboard.js';
import type { RunManifest } from './schema/run.js';
import type { StudyRun } from './schema/study-run.js';
import type { Study } from './schema/study.js';
import type { StudyTraining } from './schema/study-training.js';
import type { Thresholds } from './schema/thresholds.js';

/** Result files by kind. */
export interface ResultTypes {
  readonly archive: ArchiveManifest;
  readonly cell: CellResult;
  readonly leaderboard: Leaderboard;
  readonly thresholds: Thresholds;
  readonly 'attack-output': AttackOutput;
  readonly run: RunManifest;
  readonly bench: BenchReport;
  readonly latent: LatentReport;
  readonly study: Study;
  readonly 'study-run': StudyRun;
  readonly 'study-training': StudyTraining;
}

export type ResultKind = keyof ResultTypes;

const OPTIONS = { allErrors: true, discriminator: true, allowUnionTypes: true, strictTypes: false };
const CHECKS = Object.fromEntries(
  Object.entries(SCHEMAS).map(([kind, schema]) => [kind, ownSchema(schema, OPTIONS)]),
) as Readonly<Record<ResultKind, ReturnType<typeof ownSchema>>>;

/**
 * Checks a value against the schema of its kind and, for cells, that its figures agree with each other.
 * @param source where the value comes from, for the message
 * @throws GauntletError RESULT_INVALID or THRESHOLDS_INVALID naming the place
 */
export function validateResult<K extends ResultKind>(
  kind: K,
  value: unknown,
  source: string,
): ResultTypes[K] {
  const checked = CHECKS[kind](value);
  if (!checked.valid) {
    const { path, message } = firstProblem(checked.errors);
    throw invalid(kind, `${source}: ${pathText(path)}: ${message}.`);
  }
  const problem = kind === 'cell' ? inconsistency(value as CellResult) : null;
  if (problem !== null) throw invalid(kind, `${source}: ${problem}.`);
  return value as ResultTypes[K];
}

/**
 * Parses and checks the text of a result file.
 * @throws GauntletError as validateResult, also when the text is not JSON
 */
export function parseResult<K extends ResultKind>(kind: K, text: string, source: string): ResultTypes[K] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(kind, `${source} is not JSON: ${(error as SyntaxError).message}.`);
  }
  return validateResult(kind, value, source);
}

function invalid(kind: ResultKind, message: string): GauntletError {
  const key: ErrorKey = kind === 'thresholds' ? 'THRESHOLDS_INVALID' : 'RESULT_INVALID';
  return new GauntletError(key, message);
}
