import { buildLeaderboard } from '../leaderboard/build.js';
import { mergeLeaderboards } from '../leaderboard/merge.js';
import { readRun } from '../results/read-run.js';
import type { Leaderboard } from '../results/schema/leaderboard.js';

/**
 * The leaderboard of one or more run folders, from their cells. Damaged and missing cells make a row incomplete.
 * @throws GauntletError RUN_NOT_FOUND, RESULT_INVALID, SUITE_MISMATCH when the runs did not measure the same way
 */
export async function leaderboardOfRuns(folders: readonly string[]): Promise<Leaderboard> {
  const runs = await Promise.all(folders.map((folder) => readRun(folder)));
  return mergeLeaderboards(runs.map(({ manifest, cells }) => buildLeaderboard(manifest, cells)));
}
