import type { EngineChoice } from '../engine/choice.js';
import { CleanOutcomes } from './clean-outcomes.js';
import type { Job } from './job.js';
import { localServices, type LocalServices } from './local-services.js';
import { runJob } from './shard.js';
import { stoppable, type StopFlag } from './stoppable.js';
import { describeError, type WorkerAnswer } from './wire.js';

/** What the main thread sends. */
export interface WorkerTask {
  readonly job: Job;
  readonly engine: EngineChoice;
  readonly flag: StopFlag;
}

/** All tasks of a pool name one engine, and the first of them says which. */
let services: Promise<LocalServices> | undefined;
const known = new CleanOutcomes();

/** Entry point of a pool worker. */
export default async function work({ job, engine, flag }: WorkerTask): Promise<WorkerAnswer> {
  try {
    services ??= localServices({ engine, threads: 1 });
    const { services: watched, signal } = stoppable(await services, flag);
    return { ok: true, result: await runJob(job, watched, signal, known) };
  } catch (error) {
    return describeError(error);
  }
}
