import type { Argv } from 'yargs';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';

const builder = (yargs: Argv<GlobalArguments>) =>
  yargs
    .positional('run', { type: 'string', describe: 'Run folder', demandOption: true })
    .option('thresholds', {
      type: 'string',
      describe: 'Thresholds file',
      demandOption: true,
      requiresArg: true,
    })
    .option('update', { type: 'boolean', default: false, describe: 'Write thresholds from the run instead' })
    .option('slack', {
      type: 'number',
      describe: 'With --update: accuracy that later runs may lose, 0 to 1',
      requiresArg: true,
    })
    .option('baseline', {
      type: 'string',
      describe: 'Divide corruption errors by those of this model of the run, or of alexnet',
      requiresArg: true,
    })
    .example('$0 gate --thresholds thresholds.json runs/nightly', 'Exit code 1 when the run falls short')
    .example('$0 gate --thresholds thresholds.json runs/nightly --update', 'Make the run the new standard');

export const gateCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'gate <run>',
  describe: 'Fail when a run is less robust than its thresholds ask for',
  builder,
  async handler(args) {
    const [{ gateRun, updateThresholds }, { display, printResult }, { renderGate }, { EXIT }] =
      await Promise.all([
        import('../../api/gate-run.js'),
        import('../output.js'),
        import('../../gate/render.js'),
        import('../../errors.js'),
      ]);
    const options = args.baseline === undefined ? {} : { baseline: args.baseline };
    if (args.update) {
      const thresholds = await updateThresholds(args.run, args.thresholds, args.slack, options);
      printResult(args.json, thresholds, () => `wrote ${args.thresholds}: ${thresholds.rules.length} rules`);
      return;
    }
    const report = await gateRun(args.run, args.thresholds, options);
    printResult(args.json, { schemaVersion: 1, kind: 'gate', ...report }, () =>
      renderGate(report, display()),
    );
    if (!report.passed) process.exitCode = EXIT.gateFailed;
  },
});
