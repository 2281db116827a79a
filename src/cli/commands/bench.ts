import type { Argv } from 'yargs';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';
import { executionOptions } from '../options.js';

const builder = (yargs: Argv<GlobalArguments>) =>
  yargs
    .option('batch-size', executionOptions['batch-size'])
    .option('threads', {
      type: 'number',
      default: 1,
      describe: 'Threads of the engine (a worker of a run has one)',
    })
    .option('seconds', { type: 'number', default: 1, describe: 'Seconds per measurement' })
    .example('$0 bench', 'Images per second of forward passes, gradients and PGD')
    .example('$0 bench --json > bench.json', 'The same figures for a machine');

export const benchCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'bench',
  describe: 'Measure gradient and attack throughput on this machine',
  builder,
  async handler(args) {
    const [{ runBench }, { printResult }, { renderBench }, { interruptible }] = await Promise.all([
      import('../../bench/bench.js'),
      import('../output.js'),
      import('../render/bench.js'),
      import('../interrupt.js'),
    ]);
    const report = await interruptible(({ signal, progress }) =>
      runBench({
        threads: args.threads,
        seconds: args.seconds,
        ...(args['batch-size'] === undefined ? {} : { batchSize: args['batch-size'] }),
        signal,
        onProgress: (fraction, label) => progress.update(fraction, label),
      }),
    );
    printResult(args.json, report, () => renderBench(report));
  },
});
