import type { Argv } from 'yargs';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';

const builder = (yargs: Argv<GlobalArguments>) =>
  yargs
    .positional('cell', { type: 'string', describe: 'Cell file of a run', demandOption: true })
    .option('model', {
      type: 'string',
      describe: 'Where the model is now, if it has moved',
      requiresArg: true,
    })
    .option('card', { type: 'string', describe: 'Its card, if not beside it', requiresArg: true })
    .example(
      '$0 replay runs/quick-1a2b3c4d/cells/mnist-mlp-nopen--pgd-linf.json',
      'Check every adversarial example',
    )
    .example('$0 replay cell.json --model model.onnx', 'With a model that has moved');

export const replayCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'replay <cell>',
  describe: 'Verify the stored adversarial examples of a cell again',
  builder,
  async handler(args) {
    const [{ replayStoredCell }, { printResult }, { GauntletError }] = await Promise.all([
      import('../../api/replay-cell.js'),
      import('../output.js'),
      import('../../errors.js'),
    ]);
    const report = await replayStoredCell(args.cell, {
      ...(args.model === undefined ? {} : { model: args.model }),
      ...(args.card === undefined ? {} : { card: args.card }),
    });
    const { witnesses, verified, failures, model, entry } = report;
    printResult(args.json, { schemaVersion: 1, kind: 'replay', ...report }, () =>
      [
        `${model}, ${entry}: ${verified} of ${witnesses} stored adversarial examples verified`,
        ...failures.map(({ index, reason }) => `  example ${index}: ${reason}`),
      ].join('\n'),
    );
    if (failures.length > 0) {
      throw new GauntletError('WITNESS_INVALID', `${failures.length} examples of ${args.cell} do not hold.`);
    }
  },
});
