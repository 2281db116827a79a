import type { Argv } from 'yargs';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';

const builder = (yargs: Argv<GlobalArguments>) =>
  yargs
    .positional('model', {
      type: 'string',
      describe: 'ONNX file, model.json of TensorFlow.js, or model of the zoo',
      demandOption: true,
    })
    .option('card', {
      type: 'string',
      describe: 'Model card (default: MODEL.card.json beside the model)',
      requiresArg: true,
    })
    .option('output', {
      type: 'string',
      describe: 'Graph output that holds the logits (default: what the card says)',
      requiresArg: true,
    })
    .option('features', {
      type: 'string',
      describe: 'Value that holds the penultimate layer (default: what the card says)',
      requiresArg: true,
    })
    .example('$0 inspect my-model.onnx', 'Operators, parameters, logits, and what blocks gradients')
    .example('$0 inspect mnist-mlp-binenc --json', 'The same of a model of the zoo, for a machine');

export const inspectCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'inspect <model>',
  describe: 'Say what is in a model and what an attack can do with it',
  builder,
  async handler(args) {
    const [{ inspectModel }, { printResult }, { renderInspection }, { EXIT }] = await Promise.all([
      import('../../api/inspect-model.js'),
      import('../output.js'),
      import('../render/inspection.js'),
      import('../../errors.js'),
    ]);
    const inspection = await inspectModel(args.model, {
      ...(args.card === undefined ? {} : { card: args.card }),
      ...(args.output === undefined ? {} : { output: args.output }),
      ...(args.features === undefined ? {} : { features: args.features }),
    });
    printResult(args.json, inspection, () => renderInspection(inspection));
    if (inspection.classifier.status === 'refused') process.exitCode = EXIT.usage;
  },
});
