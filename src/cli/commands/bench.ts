import type { Argv } from 'yargs';
import type { BenchPart } from '../../bench/bench.js';
import type { BenchNetworkId } from '../../bench/networks/index.js';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';
import { count, executionOptions } from '../options.js';

/** The ids of `benchNetworks`, which is not loaded for `--help`. */
const NETWORKS = ['cnn', 'mlp', 'resnet18', 'vit'] as const satisfies readonly BenchNetworkId[];

/** The parts of a bench, which is not loaded for `--help` either. */
const PARTS = [
  'networks',
  'sessions',
  'training',
  'attacks',
  'corruptions',
  'engines',
] as const satisfies readonly BenchPart[];

/** Seconds instead of minutes, for a look and for tests. */
const QUICK = { rounds: 1, slice: 50 };

const builder = (yargs: Argv<GlobalArguments>) =>
  yargs
    .option('only', {
      choices: NETWORKS,
      array: true,
      requiresArg: true,
      describe: 'Time only this network (repeatable)',
    })
    .option('part', {
      choices: PARTS,
      array: true,
      requiresArg: true,
      describe:
        'Measure only this: passes of the networks, sessions side by side, training steps, attacks, corruptions, TensorFlow.js beside the native engine (repeatable)',
    })
    .option('attack', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Time only this attack (repeatable)',
    })
    .option('corruption', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Time only this corruption (repeatable)',
    })
    .option('model', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Compare engines on this model too: a path or a zoo id (repeatable)',
    })
    .option('threads', count('threads', 'Threads of the engine (default: one per core)'))
    .option('batch-size', { ...executionOptions['batch-size'], describe: 'Images per call', group: '' })
    .option(
      'engine-batch',
      count('engine-batch', "Images per engine call at most (default: the classifier's choice)"),
    )
    .option('rounds', count('rounds', 'Turns that every pass gets (default: 4)'))
    .option('quick', {
      type: 'boolean',
      default: false,
      describe: 'One short turn: seconds, and rough figures',
    })
    .option('baseline', {
      type: 'string',
      describe:
        'Report to compare with (default: results/bench-baseline.json); --no-baseline compares with none',
    })
    .option('tolerance', {
      type: 'number',
      requiresArg: true,
      describe: 'Relative change that counts as none (default: 0.15)',
    })
    .option('pytorch', {
      type: 'string',
      requiresArg: true,
      describe: 'Python interpreter with torch, to time the networks there too (in a clone)',
    })
    .option('profile', {
      type: 'boolean',
      default: false,
      describe: 'Show where the time of a gradient pass goes instead',
    })
    .example('$0 bench', 'Speed of forward passes, gradients and attacks, against the baseline')
    .example('$0 bench --part attacks --only cnn', 'Passes and speed of every attack')
    .example('$0 bench --part corruptions', 'Images per second of every corruption')
    .example('$0 bench --part engines --model model.onnx', 'TensorFlow.js beside the native engine')
    .example('$0 bench --no-baseline --json > baseline.json', 'A baseline')
    .example('$0 bench --profile --only cnn', 'Where the time of a gradient pass goes');

type Arguments = ArgumentsOf<typeof builder> & GlobalArguments;

export const benchCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'bench',
  describe: 'Measure gradient and attack throughput on this machine',
  builder,
  handler: (args) => (args.profile ? profile(args) : bench(args)),
});

async function bench(args: Arguments): Promise<void> {
  const [
    { runBench },
    { openBaseline },
    { compareReports },
    { printResult },
    { renderBench, renderComparison },
    { interruptible },
  ] = await Promise.all([
    import('../../bench/bench.js'),
    import('../../bench/baseline.js'),
    import('../../bench/compare.js'),
    import('../output.js'),
    import('../render/bench.js'),
    import('../interrupt.js'),
  ]);
  // Read first: a file that is none must not cost a minute.
  const baseline = await openBaseline(args.baseline);
  const report = await interruptible(({ signal, progress }) =>
    runBench({
      ...given(args),
      ...(args.part !== undefined && { parts: args.part }),
      ...(args.attack !== undefined && { attacks: args.attack }),
      ...(args.model !== undefined && { models: args.model }),
      ...(args.corruption !== undefined && { corruptions: args.corruption }),
      ...(args['engine-batch'] !== undefined && { engineBatch: args['engine-batch'] }),
      ...(args.quick && QUICK),
      ...(args.rounds !== undefined && { rounds: args.rounds }),
      ...(args.pytorch !== undefined && { python: args.pytorch }),
      signal,
      onProgress: (fraction, label) => progress.update(fraction, label),
    }),
  );
  printResult(args.json, report, () => {
    const table = renderBench(report);
    if (baseline === undefined || report.networks.length === 0) return table;
    const rows = compareReports(baseline.report, report, args.tolerance);
    return `${table}\n\n${renderComparison(report, baseline, rows)}`;
  });
}

async function profile(args: Arguments): Promise<void> {
  const [{ profileNetworks }, { printResult }, { renderProfiles }, { interruptible }] = await Promise.all([
    import('../../bench/profile.js'),
    import('../output.js'),
    import('../render/profile.js'),
    import('../interrupt.js'),
  ]);
  const profiles = await interruptible(({ signal }) =>
    profileNetworks({ ...given(args), ...(args.quick && { runs: 3 }), signal }),
  );
  printResult(args.json, { schemaVersion: 1, kind: 'bench-profile', profiles }, () =>
    renderProfiles(profiles),
  );
}

/** What both measurements take. */
const given = ({ only, threads, 'batch-size': batchSize }: Arguments) => ({
  ...(only !== undefined && { only }),
  ...(threads !== undefined && { threads }),
  ...(batchSize !== undefined && { batchSize }),
});
