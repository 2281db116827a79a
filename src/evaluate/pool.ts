import { setMaxListeners } from 'node:events';
import { fileURLToPath } from 'node:url';
import { availableParallelism, freemem } from 'node:os';
import { Piscina } from 'piscina';
import { NATIVE, type EngineChoice } from '../engine/choice.js';
import type { Executor } from './executor.js';
import { newStopFlag, raise } from './stoppable.js';
import { revive, type WorkerAnswer } from './wire.js';
import type { WorkerTask } from './worker.js';

export interface PoolOptions {
  /** The engine of the workers; the native one by default. */
  readonly engine?: EngineChoice;
  /** Workers wanted; as many as cores by default. */
  readonly jobs?: number;
  /** Bytes of the largest model's tensors while it runs; every worker loads it for itself. */
  readonly modelBytes?: number;
}

/**
 * A worker holds the weights, the forward session's packed copy, and the gradient session's copies packed for both directions;
 * measured at 4.4 times the float32 weights for a network of dense layers.
 */
const COPIES_OF_MODEL = 5;

/** Workers that fit: wanted, but not more than half of the free memory can hold models for. At least 1. */
export function affordableJobs(options: PoolOptions, freeBytes: number): number {
  const wanted = options.jobs ?? availableParallelism();
  const perWorker = (options.modelBytes ?? 0) * COPIES_OF_MODEL;
  const fitting = perWorker > 0 ? Math.floor(freeBytes / 2 / perWorker) : wanted;
  return Math.max(1, Math.min(wanted, fitting));
}

/** Milliseconds an aborted job has until its next pass; a plugin that makes none is ended with its thread. */
const PATIENCE = 10_000;

/** Runs jobs in worker threads, one engine thread each, so that the main thread stays free for progress and Ctrl-C. */
export function poolExecutor(options: PoolOptions = {}): Executor {
  const parallelism = affordableJobs(options, freemem());
  const pool = new Piscina<WorkerTask, WorkerAnswer>({
    filename: fileURLToPath(new URL('worker.js', import.meta.url)),
    minThreads: parallelism,
    maxThreads: parallelism,
    concurrentTasksPerWorker: 1,
    // Workers keep compiled models; an idle one must not be thrown away between cells.
    idleTimeout: Infinity,
  });
  const running = new Set<Promise<unknown>>();
  return {
    kind: 'pool',
    parallelism,
    async submit(job, signal) {
      signal.throwIfAborted();
      // Every job that waits listens; they are many, and none forgets to stop.
      setMaxListeners(0, signal);
      const flag = newStopFlag();
      const last = new AbortController();
      let patience: NodeJS.Timeout | undefined;
      const answer = pool.run({ job, engine: options.engine ?? NATIVE, flag }, { signal: last.signal });
      let stop = (): void => undefined;
      const aborted = new Promise<never>((_resolve, reject) => {
        stop = () => {
          raise(flag);
          patience = setTimeout(() => last.abort(), PATIENCE);
          reject(signal.reason as Error);
        };
      });
      signal.addEventListener('abort', stop, { once: true });
      const settled = answer
        .catch(() => undefined)
        .finally(() => {
          signal.removeEventListener('abort', stop);
          clearTimeout(patience);
          running.delete(settled);
        });
      running.add(settled);
      return revive(await Promise.race([answer, aborted]));
    },
    async close() {
      await Promise.all(running);
      await pool.destroy();
    },
  };
}
