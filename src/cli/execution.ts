import type { ExecutionOptions } from '../api/runtime.js';
import type { Config } from '../config/load.js';

/** Arguments that say how work is spread, as `executionOptions` declares them. */
export interface ExecutionArguments {
  readonly 'batch-size'?: number | undefined;
  readonly jobs?: number | undefined;
  readonly executor?: 'pool' | 'inline' | undefined;
}

/** How to run, flags before configuration. */
export function executionOf(args: ExecutionArguments, config: Config): ExecutionOptions {
  const jobs = args.jobs ?? config.jobs;
  const batchSize = args['batch-size'] ?? config.batchSize;
  return {
    ...(args.executor === undefined ? {} : { executor: args.executor }),
    ...(jobs === undefined ? {} : { jobs }),
    ...(batchSize === undefined ? {} : { batchSize }),
  };
}
