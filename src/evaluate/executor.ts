import type { Job, JobResult } from './job.js';

/** Runs jobs somewhere. Results do not depend on which executor, or how many workers, ran them. */
export interface Executor {
  readonly kind: 'pool' | 'inline';
  /** Jobs that make progress at the same time. */
  readonly parallelism: number;
  /** @throws what the job threw (GauntletErrors keep their key), or the signal's reason when aborted. */
  submit(job: Job, signal: AbortSignal): Promise<JobResult>;
  close(): Promise<void>;
}
