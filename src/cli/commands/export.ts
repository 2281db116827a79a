import type { Argv } from 'yargs';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';

const text = (describe: string) => ({ type: 'string', describe, requiresArg: true }) as const;

const builder = (yargs: Argv<GlobalArguments>) =>
  yargs
    .positional('model', {
      type: 'string',
      describe: 'ONNX file, model.json of TensorFlow.js, or model of the zoo',
      demandOption: true,
    })
    .options({
      format: {
        choices: ['tfjs-layers', 'onnx'] as const,
        describe: 'What to write: layers of TensorFlow.js, or ONNX',
        demandOption: true,
      },
      out: { ...text('Folder of tfjs-layers; file of onnx, ending in .onnx'), demandOption: true },
      card: text('Model card (default: MODEL.card.json beside the model)'),
      output: text('Graph output that holds the logits (default: what the card says)'),
      force: { type: 'boolean', default: false, describe: 'Write over what is there' },
    })
    .example(
      '$0 export mnist-mlp-binenc --format tfjs-layers --out binenc-tfjs',
      'For tf.loadLayersModel in a browser',
    )
    .example(
      '$0 export my-tfjs/model.json --format onnx --out my-model.onnx',
      'A model of TensorFlow.js as ONNX, preprocessing inside',
    );

export const exportCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'export <model>',
  describe: 'Write a model in another format, with a card beside it',
  builder,
  async handler(args) {
    const [{ exportModel }, { printResult }, { renderExport }] = await Promise.all([
      import('../../api/export-model.js'),
      import('../output.js'),
      import('../render/export.js'),
    ]);
    const report = await exportModel(args.model, {
      format: args.format,
      out: args.out,
      force: args.force,
      ...(args.card !== undefined && { card: args.card }),
      ...(args.output !== undefined && { output: args.output }),
    });
    printResult(args.json, report, () => renderExport(report));
  },
});
