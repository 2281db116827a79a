import { describe, expect, it } from '@jest/globals';
import * as layers from '@tensorflow/tfjs-layers';
import { openClassifier } from '../../../src/api/open-classifier.js';
import { sliceRow } from '../../../src/tensor/batch.js';
import { GraphFile, inTfjs } from '../../models/tfjs/graph-file.js';
import { randomise, saved, write } from '../../models/tfjs/saved.js';
import {
  agreement,
  apply,
  expectAgreement,
  ofTfjs,
  ofTfjsByDifferences,
  question,
  type Answer,
  type Question,
} from '../../models/tfjs/witness.js';
import { tf } from '../../reference-tfjs/tfjs.js';
import { attribute } from '../../models/tfjs/graph-file.js';

/** A recurrent network, which Gauntlet does not make a graph of. */
function recurrent(activation: 'softmax' | 'linear'): layers.LayersModel {
  const tfl = layers.layers;
  const model = layers.sequential({
    layers: [tfl.lstm({ units: 5, inputShape: [6, 3] }), tfl.dense({ units: 4, activation })],
  });
  randomise(model, 3);
  return model;
}

async function answer(path: string, asked: Question): Promise<Answer & { readonly remarks: unknown }> {
  const classifier = await openClassifier(path, { engine: { engine: 'tfjs', backend: 'cpu' } });
  try {
    const keys = Array.from({ length: asked.count }, (_, i) => i);
    const batch = { shape: asked.shape, data: asked.data, keys };
    const tensors = tf.memory().numTensors;
    const logits = await classifier.logits(batch);
    expect(tf.memory().numTensors).toBe(tensors);
    return { ...(await classifier.vjp(batch, asked.cotangent)), logits, remarks: classifier.remarks };
  } finally {
    await classifier.dispose();
  }
}

describe('a TensorFlow.js model that cannot be made a graph', () => {
  it('of layers runs in TensorFlow.js as it is, without its softmax, and says so', async () => {
    const path = write(await saved(recurrent('softmax')));
    const asked = question([6, 3], 4);
    const before = tf.memory().numTensors;
    const { remarks, ...ours } = await answer(path, asked);
    expect(tf.memory().numTensors).toBe(before);
    expectAgreement(agreement(ours, ofTfjs(apply(recurrent('linear')), asked), asked));
    expect(remarks).toEqual([
      {
        code: 'not-lowered',
        message: expect.stringMatching(/runs in TensorFlow.js as it is.*class LSTM/) as unknown,
        evidence: {},
      },
    ]);
  });

  it('of operations runs as well, beneath its softmax', async () => {
    const graph = new GraphFile([4, 4, 2]);
    const flat = graph.add('Reshape', ['x', graph.integers([-1, 32])]);
    // Along the last axis the sum so far has a gradient in TensorFlow.js; Gauntlet reads no Cumsum.
    const sums = graph.add('Cumsum', [flat, graph.integers([1], [])], {
      exclusive: attribute.flag(false),
      reverse: attribute.flag(false),
    });
    const scores = graph.add('MatMul', [sums, graph.floats([32, 3])], {
      transpose_a: attribute.flag(false),
      transpose_b: attribute.flag(false),
    });
    const theirs = await inTfjs(graph.file(scores));
    const path = write(graph.file(graph.add('Softmax', [scores])));
    const asked = question([4, 4, 2], 3);
    const { remarks, ...ours } = await answer(path, asked);
    expect(remarks).toMatchObject([{ code: 'not-lowered' }]);
    expectAgreement(agreement(ours, ofTfjsByDifferences(theirs, asked), asked), 1e-3);
    expect(sliceRow(ours.logits, 0, 3).reduce((sum, each) => sum + each, 0)).not.toBeCloseTo(1, 3);
  });

  it('is refused on the native engine, and its message names the layer', async () => {
    const path = write(await saved(recurrent('softmax')));
    await expect(openClassifier(path)).rejects.toMatchObject({
      key: 'LAYER_UNSUPPORTED',
      message: expect.stringContaining('LSTM') as unknown,
      help: expect.stringContaining('--engine tfjs') as unknown,
    });
  });

  it('is refused in words when TensorFlow.js cannot read it either', async () => {
    const file = await saved(recurrent('softmax'));
    const text = JSON.stringify(file.topology).replaceAll('LSTM', 'MyAttention');
    const path = write({ ...file, topology: JSON.parse(text) as object });
    await expect(openClassifier(path, { engine: { engine: 'tfjs', backend: 'cpu' } })).rejects.toMatchObject({
      key: 'MODEL_INVALID',
      message: expect.stringContaining('TensorFlow.js cannot read the model') as unknown,
    });
  });
});
