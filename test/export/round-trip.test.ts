import { describe, expect, it } from '@jest/globals';
import * as layers from '@tensorflow/tfjs-layers';
import { openModel } from '../../src/models/model-file.js';
import { tfl, type Symbolic } from '../models/tfjs/cases/layer-case.js';
import { randomise, saved, write } from '../models/tfjs/saved.js';
import { apply } from '../models/tfjs/witness.js';
import { tf } from '../reference-tfjs/tfjs.js';
import { answersInTfjs, answersOf, differenceBetween, examplesOf, exported } from './exported.js';
import { loaded } from '../classifier/loaded.js';

/** A network with most layers that have a counterpart. */
function network(): layers.LayersModel {
  const input = layers.input({ shape: [9, 8, 3] });
  const stem = tfl.conv2d({ filters: 6, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu6' });
  const x = stem.apply(tfl.rescaling({ scale: 2, offset: -1 }).apply(input)) as Symbolic;
  const spread = tfl.depthwiseConv2d({ kernelSize: 3, padding: 'same' }).apply(x);
  const branch = tfl.activation({ activation: 'swish' }).apply(tfl.batchNormalization().apply(spread));
  const sum = tfl.add().apply([x, branch as Symbolic]);
  const pooled = tfl.maxPooling2d({ poolSize: 2, strides: 2, padding: 'same' }).apply(sum);
  const flat = tfl.flatten().apply(tfl.dropout({ rate: 0.3 }).apply(pooled));
  const features = tfl.dense({ units: 7, activation: 'tanh', name: 'latent' }).apply(flat);
  const scores = tfl.dense({ units: 4, activation: 'softmax' }).apply(features) as Symbolic;
  return layers.model({ inputs: input, outputs: scores });
}

describe('a model of TensorFlow.js', () => {
  it('keeps its logits as ONNX, as layers again, and as ONNX made of these', async () => {
    const original = network();
    randomise(original, 4);
    const file = openModel(write(await saved(original)));
    const graph = file.graph(undefined, 'latent');
    file.close();
    const card = { features: 'latent' };
    const model = await loaded(graph, card);
    const examples = examplesOf(model);
    const expected = await answersOf(model, examples);

    const probabilities = tf.tidy(() =>
      apply(original)(tf.tensor(examples.data, [...examples.dims])).dataSync(),
    );
    const softmax = tf.tidy(() => tf.softmax(tf.tensor(expected[0]!, [3, 4])).dataSync());
    expect(differenceBetween([softmax as Float32Array], [probabilities as Float32Array])).toBeLessThan(1e-5);

    const onnx = await exported(graph, 'onnx', card);
    expect(onnx.result.difference).toBeLessThan(1e-6);
    const again = await exported(graph, 'tfjs-layers', card);
    expect(again.result.input).toEqual({ shape: [9, 8, 3], layout: 'NHWC', bounds: [0, 1] });
    expect(differenceBetween(await answersInTfjs(again.result, examples), expected)).toBeLessThan(1e-5);
  });

  it('has the elements of an inner layer in its own order where a card names it', async () => {
    const input = layers.input({ shape: [4, 3, 2] });
    const image = tfl.conv2d({ filters: 3, kernelSize: 2 }).apply(input);
    const flat = tfl.flatten({ name: 'flat' }).apply(image) as Symbolic;
    const original = layers.model({
      inputs: input,
      outputs: tfl.dense({ units: 3 }).apply(flat) as Symbolic,
    });
    randomise(original, 5);
    const file = openModel(write(await saved(original)));
    const model = await loaded(file.graph(undefined, 'flat'), { features: 'flat' });
    file.close();
    const examples = examplesOf(model);
    const inner = layers.model({ inputs: input, outputs: flat });
    const expected = tf.tidy(() => apply(inner)(tf.tensor(examples.data, [...examples.dims])).dataSync());
    const [, features] = await answersOf(model, examples);
    expect(differenceBetween([features!], [expected as Float32Array])).toBeLessThan(1e-5);
  });
});
