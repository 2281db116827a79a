import { CleanOutcomes } from './clean-outcomes.js';
import type { Executor } from './executor.js';
import type { Services } from './services.js';
import { runJob } from './shard.js';

/** Runs jobs one after the other in this thread: for tests, and for models and plugins that exist only in memory. */
export function inlineExecutor(services: Services): Executor {
  const known = new CleanOutcomes();
  let queue: Promise<unknown> = Promise.resolve();
  return {
    kind: 'inline',
    parallelism: 1,
    submit: (job, signal) => {
      const result = queue.then(() => {
        signal.throwIfAborted();
        return runJob(job, services, signal, known);
      });
      queue = result.catch(() => undefined);
      return result;
    },
    close: async () => {
      await queue;
    },
  };
}
