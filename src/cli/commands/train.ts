import type { Argv } from 'yargs';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';
import { count, providerOption, sourceOptions } from '../options.js';

const builder = (yargs: Argv<GlobalArguments>) =>
  yargs
    .positional('recipe', { type: 'string', describe: 'Recipe file (YAML)', demandOption: true })
    .option('out', {
      type: 'string',
      describe: 'Folder for model.onnx and card.json (default: beside the recipe)',
      requiresArg: true,
    })
    .option('work', {
      type: 'string',
      describe: 'Folder for checkpoint and metrics.jsonl (default: .gauntlet/train/<id>-<fingerprint>)',
      requiresArg: true,
    })
    .option('resume', {
      type: 'boolean',
      default: true,
      describe: 'Go on from the checkpoint of an interrupted training; --no-resume starts anew',
    })
    .option('provider', providerOption('Where the engine runs (default: cpu)'))
    .option('threads', count('threads', 'Threads of the engine (default: one per core)'))
    .options(sourceOptions)
    .example('$0 train zoo/mnist-mlp-binenc/recipe.yaml --out my-binenc', 'Train a model of the zoo again')
    .example('$0 train my-recipe.yaml --no-resume', 'Train a network of your own from the beginning')
    .example('$0 train my-recipe.yaml --plugin ./my-net.mjs', 'Let the recipe name a backbone of your own');

export const trainCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'train <recipe>',
  describe: 'Train a network as a recipe says',
  builder,
  async handler(args) {
    const [{ trainRecipe }, { printResult }, { interruptible }, { epochLine }, sources] = await Promise.all([
      import('../../train/train-recipe.js'),
      import('../output.js'),
      import('../interrupt.js'),
      import('../render/epoch.js'),
      import('../sources.js'),
    ]);
    const config = await sources.configOf(args);
    const dataDir = await sources.dataDirOf(args, config);
    const architectures = await sources.architecturesFrom(args, config);
    const trained = await interruptible(({ signal, progress }) =>
      trainRecipe(args.recipe, {
        resume: args.resume,
        signal,
        architectures,
        ...(dataDir === undefined ? {} : { dataDir }),
        ...(args.out === undefined ? {} : { out: args.out }),
        ...(args.work === undefined ? {} : { work: args.work }),
        ...(args.provider === undefined ? {} : { provider: args.provider }),
        ...(args.threads === undefined ? {} : { threads: args.threads }),
        onStep: ({ epoch, fraction, loss }) =>
          progress.update(fraction, `epoch ${epoch}  loss ${loss.toFixed(4)}`),
        onEpoch: (metrics, { epochs, seconds }) => progress.note(epochLine(metrics, epochs, seconds)),
      }),
    );
    printResult(args.json, trained, () => `wrote ${trained.modelPath}\nwrote ${trained.cardPath}`);
  },
});
