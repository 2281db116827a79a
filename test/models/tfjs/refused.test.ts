import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as layers from '@tensorflow/tfjs-layers';
import { loadModel } from '../../../src/models/load.js';
import { openModel } from '../../../src/models/model-file.js';
import { resolveModel } from '../../../src/models/reference.js';
import { engine } from '../../classifier/loaded.js';
import { chain, conv, tfl } from './cases/layer-case.js';
import { randomise, saved, write, type SavedModel } from './saved.js';

interface LayerJson {
  class_name: string;
  config: Record<string, unknown>;
  inbound_nodes: unknown;
}

let file: SavedModel;
beforeAll(async () => {
  const inputs = layers.input({ shape: [6, 6, 3] });
  const outputs = chain(
    conv,
    () => tfl.batchNormalization({ name: 'bn' }),
    () => tfl.flatten(),
    () => tfl.dropout({ rate: 0.5, name: 'drop' }),
    () => tfl.dense({ units: 3, name: 'scores' }),
  )(inputs);
  const model = layers.model({ inputs, outputs });
  randomise(model, 2);
  file = await saved(model);
});

/** Reads the model with the first layer of a class changed. */
function read(className: string, change: (layer: LayerJson) => void): () => unknown {
  const topology = structuredClone(file.topology) as { config: { layers: LayerJson[] } };
  change(topology.config.layers.find((layer) => layer.class_name === className)!);
  const path = write({ ...file, topology });
  return () => openModel(path).graph();
}

const refusal = (key: string, message: string) =>
  expect.objectContaining({ key, message: expect.stringContaining(message) as unknown });

describe('a layers model is refused, naming layer and class,', () => {
  it('for a layer of a class that is unknown, with the likeliest one', () => {
    const unknown = (name: string) => read('Dense', (layer) => (layer.class_name = name));
    expect(unknown('AttentionPooling')).toThrow(
      refusal(
        'LAYER_UNSUPPORTED',
        'layer "scores" is of class AttentionPooling, which Gauntlet does not read',
      ),
    );
    expect(unknown('Densee')).toThrow(refusal('LAYER_UNSUPPORTED', 'did you mean "Dense"?'));
    expect(unknown('toString')).toThrow(refusal('LAYER_UNSUPPORTED', 'of class toString'));
  });

  it.each<[what: string, className: string, change: Record<string, unknown>, key: string, message: string]>([
    [
      'an activation that is unknown',
      'Dense',
      { activation: 'relux' },
      'LAYER_UNSUPPORTED',
      '"relux"; did you',
    ],
    [
      'an activation of its own',
      'Dense',
      { activation: { class_name: 'Mine' } },
      'LAYER_UNSUPPORTED',
      '"Mine"',
    ],
    ['convolutions in groups', 'Conv2D', { groups: 3 }, 'LAYER_UNSUPPORTED', 'groups is 3; supported is 1'],
    [
      'causal padding',
      'Conv2D',
      { padding: 'causal' },
      'MODEL_INVALID',
      'padding must be one of valid, same',
    ],
    [
      'a kernel of another rank',
      'Conv2D',
      { kernel_size: [3] },
      'MODEL_INVALID',
      'kernel_size must be 2 positive',
    ],
    [
      'a stride of zero',
      'Conv2D',
      { strides: 0 },
      'MODEL_INVALID',
      'strides must be 2 positive whole number(s)',
    ],
    ['normalization of the batch axis', 'BatchNormalization', { axis: 0 }, 'LAYER_UNSUPPORTED', 'axis is 0'],
    [
      'a number that is none',
      'BatchNormalization',
      { epsilon: 'small' },
      'MODEL_INVALID',
      'epsilon must be a number',
    ],
    ['no units', 'Dense', { units: null }, 'MODEL_INVALID', 'units must be a whole number of at least 1'],
    [
      'units that its weights do not have',
      'Dense',
      { units: 4 },
      'MODEL_INVALID',
      'float32 of shape [144, 4]',
    ],
    ['an input of strings', 'InputLayer', { dtype: 'string' }, 'MODEL_INVALID', 'dtype "string"'],
  ])('for %s', (_what, className, change, key, message) => {
    const reading = read(className, ({ config }) => Object.assign(config, change));
    expect(reading).toThrow(refusal(key, message));
    expect(reading).toThrow(refusal(key, `(${className})`));
  });

  it('for a window that does not fit on the image', () => {
    const topology = structuredClone(file.topology) as { config: { layers: LayerJson[] } };
    const [input, convolution] = topology.config.layers;
    input!.config['batch_input_shape'] = [null, 2, 6, 3];
    convolution!.config['padding'] = 'valid';
    const path = write({ ...file, topology });
    expect(() => openModel(path).graph()).toThrow(
      refusal('MODEL_INVALID', '(Conv2D): a window of [3, 3] does not fit on an image of [2, 6]'),
    );
  });

  it('for a layer that is switched into its training mode', () => {
    const training = (value: boolean) =>
      read('Dropout', (layer) => {
        const [[name, call, output]] = (layer.inbound_nodes as [[[string, number, number]]])[0];
        layer.inbound_nodes = [[[name, call, output, { training: value }]]];
      });
    expect(training(true)).toThrow(
      refusal('LAYER_UNSUPPORTED', 'layer "drop" (Dropout) is called with training'),
    );
    expect(training(false)).not.toThrow();
  });

  it('for an input that nothing computes', () => {
    const reading = read('Dense', (layer) => (layer.inbound_nodes = [[['dorp', 0, 0, {}]]]));
    expect(reading).toThrow(refusal('MODEL_INVALID', 'output 0 of call 0 of layer "dorp" is used'));
  });

  it('for connections as Keras 3 writes them', () => {
    const reading = read('Dense', (layer) => (layer.inbound_nodes = [{ args: [], kwargs: {} }]));
    expect(reading).toThrow(refusal('MODEL_INVALID', 'must be given as [layer, call, output]'));
  });

  it('for a weight that is missing', () => {
    const weightSpecs = file.weightSpecs.map((spec) =>
      spec.name === 'scores/bias' ? { ...spec, name: 'other/bias' } : spec,
    );
    const path = write({ ...file, weightSpecs });
    expect(() => openModel(path).graph()).toThrow(
      refusal('MODEL_INVALID', 'layer "scores" (Dense): its weight "scores/bias" is not in weightsManifest'),
    );
  });

  it('for weights that are not finite, naming the weight', () => {
    const weightData = file.weightData.slice();
    new Float32Array(weightData.buffer).fill(NaN, weightData.length / 4 - 2);
    const path = write({ ...file, weightData });
    const { name } = file.weightSpecs.at(-1)!;
    expect(() => openModel(path).graph()).toThrow(refusal('MODEL_WEIGHTS', `tensor "${name}" of shape [`));
  });
});

describe('an input shape that the file leaves open', () => {
  const open = (shape: readonly unknown[]): string => {
    const topology = structuredClone(file.topology) as { config: { layers: LayerJson[] } };
    topology.config.layers[0]!.config['batch_input_shape'] = shape;
    return write({ ...file, topology });
  };

  it('is closed by the card', async () => {
    const path = open([null, null, null, 3]);
    writeFileSync(
      path.replace('model.json', 'card.json'),
      JSON.stringify({ schemaVersion: 1, input: { shape: [6, 6, 3] } }),
    );
    const model = await loadModel(await resolveModel(path), engine);
    expect(model.input).toEqual({ shape: [6, 6, 3], layout: 'NHWC', bounds: [0, 1] });
    expect(model.numClasses).toBe(3);
  });

  it('is refused without one, and where the card contradicts', () => {
    const reading = (shape: readonly unknown[], card?: readonly number[]) => () =>
      openModel(open(shape)).graph(card);
    expect(reading([null, null, null, 3])).toThrow(refusal('MODEL_INVALID', 'leaves its input shape open'));
    expect(reading([null, null, null, 3], [6, 6, 1])).toThrow(
      refusal('CARD_INVALID', 'input.shape is [6, 6, 1]'),
    );
    expect(reading([null, 6, 6, 3], [36, 3])).toThrow(refusal('CARD_INVALID', 'input.shape is [36, 3]'));
    expect(reading([null])).toThrow(refusal('MODEL_INVALID', 'must say what it takes in batch_input_shape'));
  });
});
