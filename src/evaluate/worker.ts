import { CleanOutcomes } from './clean-outcomes.js';
import type { Job } from './job.js';
import { localServices } from './local-services.js';
import { runJob } from './shard.js';
import { stoppable, type StopFlag } from './stoppable.js';
import { describeError, type WorkerAnswer } from './wire.js';

const services = localServices({ threads: 1 });
const known = new CleanOutcomes();

/** Entry point of a pool worker. */
export default async function work({ job, flag }: { job: Job; flag: StopFlag }): Promise<WorkerAnswer> {
  try {
    const { services: watched, signal } = stoppable(await services, flag);
    return { ok: true, result: await runJob(job, watched, signal, known) };
  } catch (error) {
    return describeError(error);
  }
}
