import type { Argv } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { ENGINES } from '../../engine/choice.js';
import { NORMS, type Norm, type ThreatKind } from '../../plugin/threat.js';
import {
  attackFlags,
  attackOf,
  builtinAttackIds,
  DEFAULT_ATTACK,
  peekOption,
  peekOptions,
} from '../attack-flags.js';
import { attackParameters } from '../attack-schema.js';
import { defineCommand, type ArgumentsOf, type GlobalArguments } from '../command.js';
import {
  engineOptions,
  executionOptions,
  gradientOptions,
  ownModelOptions,
  sampleOptions,
  sourceOptions,
} from '../options.js';

const text = (describe: string) => ({ type: 'string', describe, requiresArg: true }) as const;

const options = {
  data: text('Data set id, .npz file or folder (default: the one the card names)'),
  split: { choices: ['test', 'train'], default: 'test', describe: 'Split of the data' },
  card: text('Model card (default: MODEL.card.json beside the model)'),
  output: text('Graph output that holds the logits (default: what the card says)'),
  features: text('Value that holds the penultimate layer (default: what the card says)'),
  attack: text(`Attack: ${builtinAttackIds().join(', ')} or one of a plugin [default: ${DEFAULT_ATTACK}]`),
  threat: { choices: ['lp', 'minimum', 'box', 'transform', 'patch'], describe: 'Threat model [default: lp]' },
  norm: { choices: NORMS, describe: 'Norm of the perturbation [default: linf]' },
  epsilon: text('Budget, e.g. 0.1 or 8/255 [default: 8/255 linf, 0.5 l2, 12 l1]'),
  box: text('File with arrays lower and upper, for --threat box'),
  vnnlib: text('VNN-LIB instance (.vnnlib or .vnnlib.gz) to attack, in the units of the model file'),
  rotation: text('Rotation in degrees, either way, for --threat transform [default: 30]'),
  translation: text('Shift in pixels, in all four directions, for --threat transform [default: 3]'),
  'patch-area': text('Fraction of the image that the square may cover, for --threat patch [default: 0.05]'),
  goal: { choices: ['untargeted', 'targeted'], describe: 'What counts as success [default: untargeted]' },
  target: text('Target class: next, random or a number'),
  set: {
    type: 'string',
    array: true,
    describe: 'Attack parameter as key=value (repeatable)',
    requiresArg: true,
  },
  surrogate: text('Model to take gradients from, for transfer attacks'),
  out: text('Folder to keep the cell and its adversarial examples in'),
  examples: sampleOptions.examples,
  seed: sampleOptions.seed,
  ...gradientOptions,
  ...ownModelOptions,
  ...executionOptions,
  ...engineOptions,
  'verify-engine': {
    choices: ENGINES,
    describe: 'Verify every adversarial example on this engine too',
    group: 'Execution:',
  },
  ...sourceOptions,
} as const;

const taken = new Set(Object.keys(options));

const builder = async (yargs: Argv<GlobalArguments>) => {
  const typed = hideBin(process.argv);
  const attack = attackOf({
    attack: peekOption(typed, 'attack'),
    threat: peekOption(typed, 'threat') as ThreatKind | undefined,
    norm: peekOption(typed, 'norm') as Norm | undefined,
    surrogate: peekOption(typed, 'surrogate'),
    // The only positional that can look like this.
    model: typed.find((arg) => /^https?:\/\//i.test(arg)),
  });
  const schema = await attackParameters(attack, peekOptions(typed, 'plugin'));
  const command = yargs
    .positional('model', {
      type: 'string',
      describe:
        'ONNX file, model.json of TensorFlow.js, model of the zoo, URL of a model behind HTTP, or module',
      demandOption: true,
    })
    .options(options)
    .example(
      '$0 attack my-model.onnx --data my-images.npz',
      'The cascade of attacks with the customary Linf budget',
    )
    .example(
      '$0 attack mnist-mlp-binenc --attack pgd --norm l2 --epsilon 1.5 --steps 100 --json',
      'PGD-100 in L2, as JSON',
    )
    .example(
      '$0 attack mnist-mlp-binenc --attack spatial --threat transform --rotation 15',
      'Rotations up to 15 degrees, shifts up to 3 pixels',
    )
    .example(
      '$0 attack http://localhost:8000/v2/models/my-model --data my-images.npz --query-budget 100000',
      'A model behind HTTP',
    )
    .example(
      '$0 attack mnist-mlp-binenc --attack pgd --verify-engine tfjs',
      'Verify what is found on the other engine',
    )
    .example('$0 attack --attack pgd --help', 'The parameters of an attack');
  // Declared for yargs alone: their names are known only at run time.
  if (schema !== undefined) command.options(attackFlags(attack, schema, taken));
  return command;
};

export const attackCommand = defineCommand<ArgumentsOf<typeof builder>>({
  command: 'attack <model>',
  describe: 'Attack one model and report what the attack fooled',
  builder,
  async handler(args) {
    const { runAttackCommand } = await import('../attack-command.js');
    await runAttackCommand(args, taken);
  },
});
