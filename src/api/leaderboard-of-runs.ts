import { resolveBaseline } from '../leaderboard/baseline.js';
import { buildLeaderboard, leaderboardHead } from '../leaderboard/build.js';
import { mergeLeaderboards, requireComparable } from '../leaderboard/merge.js';
import { readRun } from '../results/read-run.js';
import type { Leaderboard } from '../results/schema/leaderboard.js';

/** How to read the results of runs. */
export interface LeaderboardOptions {
  /** What corruption errors are divided by: a model of the runs, or `alexnet`. Without it there is no mCE. */
  readonly baseline?: string;
}

/**
 * The leaderboard of one or more run folders, from their cells. Damaged and missing cells make a row incomplete.
 * @throws GauntletError RUN_NOT_FOUND, RESULT_INVALID, SUITE_MISMATCH when the runs did not measure the same way, BASELINE_INVALID
 */
export async function leaderboardOfRuns(
  folders: readonly string[],
  { baseline: name }: LeaderboardOptions = {},
): Promise<Leaderboard> {
  const runs = await Promise.all(folders.map((folder) => readRun(folder)));
  requireComparable(runs.map(({ manifest, cells }) => leaderboardHead(manifest, cells)));
  const baseline = name === undefined ? undefined : resolveBaseline(name, runs);
  return mergeLeaderboards(runs.map(({ manifest, cells }) => buildLeaderboard(manifest, cells, baseline)));
}
