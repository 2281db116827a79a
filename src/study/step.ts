/** What became of one training or measurement. `waiting`: the time was over before it began; `blocked`: something must come first. */
export interface StepResult {
  readonly id: string;
  readonly status: 'done' | 'already' | 'stopped' | 'waiting' | 'blocked' | 'unavailable' | 'failed';
  /** Why, for the last ones. */
  readonly reason?: string;
}

/** Where a study has its files, and how much of it is done now. */
export interface StudyOptions {
  /** Folder of the records. */
  readonly records: string;
  /** Folder of weights, checkpoints and run folders, which are not committed. */
  readonly work: string;
  readonly dataDir?: string;
  /** Glob of ids. */
  readonly only?: string;
  /** Minutes that are left. */
  readonly deadline?: () => number;
  readonly signal?: AbortSignal;
}
