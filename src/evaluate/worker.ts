import type { Job } from './job.js';
import { localServices } from './local-services.js';
import { runJob } from './shard.js';
import { describeError, type WorkerAnswer } from './wire.js';

const services = localServices({ threads: 1 });
// The main thread ends a job by ending its worker; a worker itself is never asked to stop half-way.
const { signal } = new AbortController();

/** Entry point of a pool worker. */
export default async function work(job: Job): Promise<WorkerAnswer> {
  try {
    return { ok: true, result: await runJob(job, await services, signal) };
  } catch (error) {
    return describeError(error);
  }
}
