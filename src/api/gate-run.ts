import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GauntletError, messageOf } from '../errors.js';
import { checkGate, type GateReport } from '../gate/check.js';
import { thresholdsFrom } from '../gate/thresholds.js';
import { resolveBaseline } from '../leaderboard/baseline.js';
import { buildLeaderboard } from '../leaderboard/build.js';
import { writeFileAtomic } from '../results/atomic-file.js';
import { jsonText } from '../results/json-text.js';
import { readRun } from '../results/read-run.js';
import type { Thresholds } from '../results/schema/thresholds.js';
import type { LeaderboardOptions } from './leaderboard-of-runs.js';
import { parseResult, validateResult } from '../results/validate.js';

/**
 * Holds a run against a thresholds file.
 * @param options what corruption errors are divided by; what the thresholds' were by default
 * @throws GauntletError RUN_NOT_FOUND, RESULT_INVALID, THRESHOLDS_INVALID, THRESHOLDS_MISMATCH, EXPRESSION_INVALID, BASELINE_INVALID
 */
export async function gateRun(
  folder: string,
  thresholdsPath: string,
  options: LeaderboardOptions = {},
): Promise<GateReport> {
  const thresholds = await readThresholds(thresholdsPath);
  const { leaderboard, cells } = await measured(
    folder,
    options.baseline ?? thresholds.corruptionBaseline?.id,
  );
  return checkGate(thresholds, leaderboard, cells);
}

/**
 * Writes thresholds that the run just passes. Expression rules of an existing file are kept.
 * @param slack accuracy that later runs may lose, 0 to 1; customary for runs on several types of machine by default
 * @param options what corruption errors are divided by; what the existing file's were by default
 * @throws GauntletError RUN_NOT_FOUND, RESULT_INVALID, RUN_INCOMPLETE, THRESHOLDS_INVALID (the existing file), OUTPUT_UNWRITABLE,
 *   BASELINE_INVALID
 */
export async function updateThresholds(
  folder: string,
  thresholdsPath: string,
  slack?: number,
  options: LeaderboardOptions = {},
): Promise<Thresholds> {
  const previous = await readThresholds(thresholdsPath).catch((error: unknown) => {
    if (error instanceof GauntletError && isMissing(error.cause)) return undefined;
    throw error;
  });
  const { leaderboard, cells } = await measured(folder, options.baseline ?? previous?.corruptionBaseline?.id);
  const thresholds = thresholdsFrom(leaderboard, cells, slack, previous);
  const path = resolve(thresholdsPath);
  await writeFileAtomic(path, jsonText(validateResult('thresholds', thresholds, path)));
  return thresholds;
}

async function measured(folder: string, baseline: string | undefined) {
  const run = await readRun(folder);
  const named = baseline === undefined ? undefined : resolveBaseline(baseline, [run]);
  return { leaderboard: buildLeaderboard(run.manifest, run.cells, named), cells: run.cells };
}

async function readThresholds(path: string): Promise<Thresholds> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new GauntletError('THRESHOLDS_INVALID', `The thresholds cannot be read: ${messageOf(cause)}.`, {
      cause,
      help: 'Check the path, or write them from a run with --update.',
    });
  });
  return parseResult('thresholds', text, path);
}

const isMissing = (cause: unknown) => (cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
