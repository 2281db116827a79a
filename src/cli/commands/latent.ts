import type { Argv } from 'yargs';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';
import { count, sampleOptions, sourceOptions } from '../options.js';

const text = (describe: string) => ({ type: 'string', describe, requiresArg: true }) as const;

const builder = (yargs: Argv<GlobalArguments>) =>
  yargs
    .positional('model', {
      type: 'string',
      describe: 'Model of the zoo, or a model file whose card names `features`',
      demandOption: true,
    })
    .options({
      data: text('Images to measure on: data set id or path (default: the ones the card names)'),
      split: { choices: ['test', 'train'], default: 'test', describe: 'Split of the data' },
      examples: { ...sampleOptions.examples, describe: 'Measure on only this many images' },
      'train-data': {
        type: 'string',
        describe:
          'Training images: id or path (default: split `train` of --data where that is an id); --no-train-data takes none',
      },
      'train-examples': count('train-examples', 'Take only this many training images'),
      deepfool: count('deepfool', 'Run the DeepFool metric of the paper on this many images'),
      transfer: text('Data set whose classes a linear probe on the features learns'),
      histograms: {
        type: 'boolean',
        default: false,
        describe: 'Show how the values of each unit are distributed',
      },
      seed: { ...sampleOptions.seed, describe: "Seed of the probe's validation split" },
      card: text('Model card (default: MODEL.card.json beside the model)'),
      output: text('Graph output that holds the logits (default: what the card says)'),
      'data-dir': sourceOptions['data-dir'],
      config: sourceOptions.config,
    })
    .example('$0 latent mnist-mlp-binenc', 'Collapse, binarity, code book and reliability')
    .example(
      '$0 latent mnist-mlp-binenc --deepfool 1000 --json',
      "With the paper's robustness, for a machine",
    )
    .example('$0 latent mnist-mlp-nopen --transfer fashion-mnist', 'How well the features do on other data');

export const latentCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'latent <model>',
  describe: 'Measure the penultimate layer of a model: collapse, binary code, reliability',
  builder,
  async handler(args) {
    const { runLatentCommand } = await import('../latent-command.js');
    await runLatentCommand(args);
  },
});
