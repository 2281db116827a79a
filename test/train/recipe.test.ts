import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { GauntletError } from '../../src/errors.js';
import { writeOnnx } from '../../src/graph/onnx/write.js';
import { buildNetwork } from '../../src/models/architectures/network.js';
import { keyedStream } from '../../src/random/keyed.js';
import { resourcePath } from '../../src/resources.js';
import { parseRecipe, readRecipe } from '../../src/train/recipe.js';

const lines = [
  'id: tiny',
  'title: Tiny',
  'data: { source: mnist, validation: 50 }',
  'seed: 0',
  'network:',
  '  backbone: { kind: mlp, widths: [8] }',
  '  activation: relu',
  '  head: binenc',
  'penalty: { kind: mean-square, initial: 0.01, growth: 1.05, cap: 1.0e+6 }',
  'optimiser: { kind: adamw, learningRate: 1.0e-3 }',
  'epochs: 4',
  'batchSize: 32',
];

/** The recipe above with the lines that begin like a given one replaced by it. */
function recipeWith(...replacements: readonly string[]): string {
  const keyOf = (line: string) => line.slice(0, line.indexOf(':'));
  const replaced = lines.map((line) => replacements.find((other) => keyOf(other) === keyOf(line)) ?? line);
  return replaced.join('\n');
}

function failureOf(text: string): GauntletError {
  try {
    parseRecipe(text, 'r.yaml');
  } catch (error) {
    if (error instanceof GauntletError) return error;
  }
  throw new Error('the recipe was accepted');
}

describe('a recipe', () => {
  it('gets the defaults of its optimiser and schedule', () => {
    expect(parseRecipe(recipeWith(), 'r.yaml')).toMatchObject({
      optimiser: {
        kind: 'adamw',
        learningRate: 1e-3,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        weightDecay: 0,
      },
      schedule: { kind: 'constant' },
      penalty: { kind: 'mean-square', cap: 1e6 },
      data: { limit: null },
      selectFrom: 1,
    });
  });

  it('gets the defaults of what it asks for besides', () => {
    const asked = 'seed: 0\nadversarial: { epsilon: 0.3, stepSize: 0.1, steps: 3 }\noutputLayer: {}';
    expect(parseRecipe(recipeWith(asked), 'r.yaml')).toMatchObject({
      adversarial: { warmUp: 0 },
      outputLayer: { learningRate: 1e-3, schedule: { kind: 'constant' } },
    });
    const arcface = recipeWith('  head: linpen', 'penalty: x').replace(
      'penalty: x',
      'loss: { kind: arcface }',
    );
    expect(parseRecipe(arcface, 'r.yaml')).toMatchObject({ loss: { margin: 0.3, scale: 32 } });
  });

  it.each([
    [
      'an unknown property',
      recipeWith('epochs: 4\nepoch: 5'),
      'r.yaml:12:1: epoch: there is no property "epoch" here.',
    ],
    ['a value out of range', recipeWith('batchSize: 0'), 'r.yaml:12:1: batchSize: must be >= 1.'],
    ['an unknown head', recipeWith('  head: binencode'), 'r.yaml:8:3: network.head: must be one of "binenc"'],
    [
      'an unknown optimiser',
      recipeWith('optimiser: { kind: lion, learningRate: 1 }'),
      'r.yaml:10:14: optimiser.kind: must be one of "sgd", "adam", "adamw".',
    ],
    ['a missing property', recipeWith('seed: 0').replace('seed: 0\n', ''), 'the property "seed" is missing.'],
    ['text that is not YAML', recipeWith('seed: [0'), 'r.yaml:5:'],
    ['a key given twice', recipeWith('seed: 0\nseed: 1'), 'r.yaml:5:1: '],
    [
      'a compressed head without penalty',
      recipeWith('penalty: null').replace('penalty: null\n', ''),
      'r.yaml:8:3: network.head: BinEnc needs a penalty',
    ],
    [
      'a penalty on a head without compression',
      recipeWith('  head: linpen'),
      'r.yaml:9:1: penalty: LinPen is trained without',
    ],
    [
      'units for NoPen',
      recipeWith('  head: nopen\n  units: 3').replace(/^penalty.*\n/m, ''),
      'r.yaml:9:3: network.units: NoPen has no',
    ],
    [
      'a backbone of unknown depth',
      recipeWith('  backbone: { kind: resnet, depth: 9 }'),
      'network.backbone.depth: must be one of 8, 20',
    ],
    [
      'a property of another backbone',
      recipeWith('  backbone: { kind: resnet, depth: 8, channels: [2] }'),
      'there is no property "channels" here',
    ],
    [
      'ArcFace on logits that are dropped',
      recipeWith('  head: dropout-linpen', 'penalty: null', 'seed: 0\nloss: { kind: arcface }').replace(
        'penalty: null\n',
        '',
      ),
      'loss: DropoutLinPen drops logits, which arcface needs whole',
    ],
    [
      'an augmentation that does nothing',
      recipeWith('seed: 0\naugment: {}'),
      'augment: must NOT have fewer than 1 properties',
    ],
    [
      'a choice that begins after the end',
      recipeWith('epochs: 4\nselectFrom: 5'),
      'r.yaml:12:1: selectFrom: must be at most epochs (4)',
    ],
  ])('with %s is refused, with the line', (_what, text, message) => {
    const { key, message: found } = failureOf(text);
    expect(key).toBe('RECIPE_INVALID');
    expect(found).toContain(message);
  });

  it('that does not exist is refused by name', async () => {
    await expect(readRecipe('/nowhere/recipe.yaml')).rejects.toMatchObject({
      key: 'RECIPE_INVALID',
      message: expect.stringContaining('/nowhere/recipe.yaml') as unknown,
    });
  });
});

describe('the recipes of the zoo', () => {
  const files = readdirSync(resourcePath('zoo'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.yaml'),
  );

  it('are those of 22 models', () => {
    const heads = ['binenc', 'linpen', 'nonlinpen', 'nopen'];
    const families = [
      ...['mnist', 'fashion-mnist'].flatMap((data) => [`${data}-mlp`, `${data}-cnn`]),
      'cifar10-resnet8',
    ];
    const ids = families.flatMap((family) => heads.map((head) => `${family}-${head}`));
    const expected = [...ids, 'mnist-cnn-pgd-at', 'fashion-mnist-cnn-pgd-at'];
    expect([...files].sort()).toEqual(expected.map((id) => join(id, 'recipe.yaml')).sort());
    expect(files).toHaveLength(22);
  });

  it.each(files)('%s is valid, and its folder has its id', async (file) => {
    const { id } = await readRecipe(resourcePath('zoo', file));
    expect(join(id, 'recipe.yaml')).toBe(file);
  });

  it.each(files)('%s makes a network of at most 1.2 MB', async (file) => {
    const { network, data } = await readRecipe(resourcePath('zoo', file));
    const shape = data.source === 'cifar10' ? ([3, 32, 32] as const) : ([1, 28, 28] as const);
    const moments = shape[0] === 3 ? [0.5, 0.5, 0.5] : [0.5];
    const input = { shape, mean: moments, std: moments };
    const { graph } = buildNetwork({ ...network, input, numClasses: 10 }, (name) => keyedStream(0, 0, name));
    expect(writeOnnx(graph).length).toBeLessThan(1.2e6);
  });

  it.each(['mnist-mlp', 'mnist-cnn', 'fashion-mnist-mlp', 'fashion-mnist-cnn', 'cifar10-resnet8'])(
    'of %s differ in the head and its penalty alone',
    async (family) => {
      const heads = ['binenc', 'linpen', 'nonlinpen', 'nopen'];
      const common = await Promise.all(
        heads.map(async (head) => {
          const { id, title, penalty, network, ...rest } = await readRecipe(
            resourcePath('zoo', `${family}-${head}`, 'recipe.yaml'),
          );
          expect({ id, title, compressed: penalty !== null, head: network.head }).toEqual({
            id: `${family}-${head}`,
            title: expect.any(String) as unknown,
            compressed: head === 'binenc',
            head,
          });
          return { ...rest, backbone: network.backbone, activation: network.activation };
        }),
      );
      expect(common.slice(1)).toEqual([common[0], common[0], common[0]]);
    },
  );
});
