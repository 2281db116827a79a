import type { Argv } from 'yargs';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';
import { corruptionOptions, engineOptions, ownModelOptions, sourceOptions } from '../options.js';

const builder = (yargs: Argv<GlobalArguments>) =>
  yargs
    .positional('cell', { type: 'string', describe: 'Cell file of a run', demandOption: true })
    .option('model', {
      type: 'string',
      describe: 'Where the model is now, if it has moved',
      requiresArg: true,
    })
    .option('card', { type: 'string', describe: 'Its card, if not beside it', requiresArg: true })
    .option('data-dir', sourceOptions['data-dir'])
    .option('frost-textures', corruptionOptions['frost-textures'])
    .option('archive', {
      type: 'string',
      describe: 'Where the archive of a corruption is now',
      requiresArg: true,
    })
    .options(ownModelOptions)
    .options(engineOptions)
    .option('config', sourceOptions.config)
    .example(
      '$0 replay runs/quick-1a2b3c4d/cells/mnist-mlp-nopen--pgd-linf.json',
      'Check every adversarial example',
    )
    .example('$0 replay cell.json --model model.onnx', 'With a model that has moved');

export const replayCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'replay <cell>',
  describe: 'Verify the stored adversarial examples of a cell, or a corruption, again',
  builder,
  async handler(args) {
    const [{ replayStoredCell }, { printResult }, { GauntletError }, sources, { ownModelsOf }, { engineOf }] =
      await Promise.all([
        import('../../api/replay-cell.js'),
        import('../output.js'),
        import('../../errors.js'),
        import('../sources.js'),
        import('../own-models.js'),
        import('../engine-flags.js'),
      ]);
    const config = await sources.configOf(args);
    const dataDir = await sources.dataDirOf(args, config);
    const frostTextures = sources.frostTexturesOf(args, config);
    const report = await replayStoredCell(args.cell, {
      ...ownModelsOf(args),
      ...(args.model === undefined ? {} : { model: args.model }),
      ...(args.card === undefined ? {} : { card: args.card }),
      ...(dataDir === undefined ? {} : { dataDir }),
      ...(frostTextures === undefined ? {} : { frostTextures }),
      ...(args.archive === undefined ? {} : { archive: args.archive }),
      engine: engineOf(args),
    });
    const { witnesses, verified, failures, model, entry, of } = report;
    const what = of === 'witnesses' ? 'stored adversarial examples' : 'corrupted images';
    printResult(args.json, { schemaVersion: 1, kind: 'replay', ...report }, () =>
      [
        `${model}, ${entry}: ${verified} of ${witnesses} ${what} verified`,
        ...failures.map(({ index, reason }) => `  example ${index}: ${reason}`),
      ].join('\n'),
    );
    if (failures.length > 0) {
      throw new GauntletError('WITNESS_INVALID', `${failures.length} examples of ${args.cell} do not hold.`);
    }
  },
});
