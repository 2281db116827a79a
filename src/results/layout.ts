/** Where things lie in a run folder. */
export const RUN_FILES = {
  manifest: 'run.json',
  leaderboard: 'leaderboard.json',
  cells: 'cells',
  witnesses: 'witnesses',
} as const;

/** A file of the run that cannot be used, and why. */
export interface DamagedFile {
  readonly file: string;
  readonly reason: string;
}
