import { describe, expect, it } from '@jest/globals';
import * as layers from '@tensorflow/tfjs-layers';
import { randomFloats } from '../../fixtures/graphs.js';
import { tf } from '../../reference-tfjs/tfjs.js';
import { conv, FIRST, IMAGE, tfl, type Symbolic } from './cases/layer-case.js';
import { randomise, saved, withSettings, write } from './saved.js';
import { agreement, expectAgreement, graphOf, ofGraph, ofTfjs, question } from './witness.js';

/** Layers that TensorFlow.js cannot load, ignores part of, or computes wrongly on its plain backend: held to the formulas. */

/** A layer of that class in the place of a Dropout, with these settings. */
async function inPlaceOfDropout(className: string, settings: Record<string, unknown>, inputs = 1) {
  const x = layers.input({ shape: [40] });
  const values = Array.from({ length: inputs }, (_, i) =>
    i === 0 ? x : (tfl.rescaling({ scale: 0.5 }).apply(x) as Symbolic),
  );
  const middle = (inputs === 1 ? tfl.dropout({ rate: 0 }) : tfl.add()).apply(inputs === 1 ? x : values);
  const model = layers.model({ inputs: x, outputs: middle as Symbolic });
  const file = await saved(model);
  const topology = JSON.parse(
    JSON.stringify(file.topology).replace(inputs === 1 ? '"Dropout"' : '"Add"', `"${className}"`),
  ) as object;
  return graphOf(write(withSettings({ ...file, topology }, { [className]: settings })));
}

/** Values from -4 to 4, and slopes by which gradients are told apart. */
function line() {
  const asked = question([40], 40, 1);
  return {
    ...asked,
    data: Float32Array.from({ length: 40 }, (_, i) => (i - 19.7) / 5),
    cotangent: randomFloats(3, 40),
  };
}

describe('ReLU', () => {
  it.each([
    [{ max_value: 1.5 }],
    [{ negative_slope: 0.2 }],
    [{ negative_slope: 0.2, max_value: 1.5 }],
    [{ threshold: 0.7 }],
    [{ threshold: -0.7 }],
    [{ threshold: 0.7, negative_slope: 0.2 }],
    [{ threshold: 0.7, negative_slope: 0.2, max_value: 2 }],
    [{ threshold: 0.7, max_value: 2 }],
  ])('with %j is what Keras says it is', async (settings) => {
    const {
      max_value: most = Infinity,
      negative_slope: slope = 0,
      threshold = 0,
    } = settings as Record<string, number>;
    const asked = line();
    const { logits, gradient } = await ofGraph(await inPlaceOfDropout('ReLU', settings), asked);
    const expected = Array.from(asked.data, (x) =>
      x >= most ? most : x >= threshold ? x : slope * (x - threshold),
    );
    const slopes = Array.from(asked.data, (x, i) => {
      const own = x >= most ? 0 : x >= threshold ? 1 : slope;
      return own * asked.cotangent[i]!;
    });
    expect(Array.from(logits)).toEqual(expected.map((value) => expect.closeTo(value, 5) as unknown));
    expect(Array.from(gradient)).toEqual(slopes.map((value) => expect.closeTo(value, 5) as unknown));
  });
});

describe('Keras layers that TensorFlow.js lacks', () => {
  it.each(['ActivityRegularization', 'SpatialDropout2D'])('%s does nothing', async (className) => {
    const asked = line();
    const { logits, gradient } = await ofGraph(await inPlaceOfDropout(className, {}), asked);
    expect(logits).toEqual(asked.data);
    expect(gradient).toEqual(asked.cotangent);
  });

  it('Subtract takes the second from the first', async () => {
    const asked = line();
    const { logits, gradient } = await ofGraph(await inPlaceOfDropout('Subtract', {}, 2), asked);
    expect(logits).toEqual(asked.data.map((x) => x - 0.5 * x));
    expect(gradient).toEqual(asked.cotangent.map((x) => 0.5 * x));
  });

  it('the activation gelu_new is the approximation by a hyperbolic tangent', async () => {
    const asked = line();
    const { logits } = await ofGraph(await inPlaceOfDropout('Activation', { activation: 'gelu_new' }), asked);
    const expected = Array.from(
      asked.data,
      (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
    );
    expect(Array.from(logits)).toEqual(expected.map((value) => expect.closeTo(value, 5) as unknown));
  });
});

describe('a dilated DepthwiseConv2D', () => {
  it('is dilated, as the file says', async () => {
    const inputs = layers.input({ shape: [9, 8, 2] });
    // Its output has the size of a dilated one only where the padding keeps the size.
    const layer = tfl.depthwiseConv2d({
      kernelSize: 3,
      padding: 'same',
      dilationRate: 2,
      depthMultiplier: 2,
    });
    const model = layers.model({
      inputs,
      outputs: tfl.flatten().apply(layer.apply(inputs)) as Symbolic,
    });
    randomise(model, 3);
    const [kernel, bias] = model.getWeights() as [tf.Tensor4D, tf.Tensor];
    const asked = question([9, 8, 2], 9 * 8 * 4);
    const theirs = (x: tf.Tensor): tf.Tensor => {
      // The kernel with its holes filled with zeros.
      const wide = tf.buffer([5, 5, 2, 2]);
      for (const [i, j, c, m] of [0, 1, 2].flatMap((i) =>
        [0, 1, 2].flatMap((j) => [0, 1].flatMap((c) => [0, 1].map((m) => [i, j, c, m] as const))),
      ))
        wide.set(kernel.bufferSync().get(i, j, c, m), 2 * i, 2 * j, c, m);
      return tf.add(tf.depthwiseConv2d(x as tf.Tensor4D, wide.toTensor() as tf.Tensor4D, 1, 'same'), bias);
    };
    const ours = await ofGraph(graphOf(write(await saved(model))), asked);
    expectAgreement(agreement(ours, ofTfjs(theirs, asked), asked));
  });
});

describe('BatchNormalization', () => {
  it.each([
    ['the first axis of an image with channels first', FIRST, 1, false],
    ['the middle axis of an image', IMAGE, 2, false],
    ['the first axis of an image after a convolution', IMAGE, 1, true],
  ] as const)('of %s scales along it', async (_name, shape, axis, after) => {
    const inputs = layers.input({ shape: [...shape] });
    const before = after ? (conv().apply(inputs) as Symbolic) : inputs;
    const normalised = tfl.batchNormalization({ axis, epsilon: 0.01, name: 'bn' }).apply(before) as Symbolic;
    const model = layers.model({ inputs, outputs: tfl.flatten().apply(normalised) as Symbolic });
    randomise(model, 9);
    const weights = model
      .getLayer('bn')
      .getWeights()
      .map((weight) =>
        tf.reshape(
          weight,
          [0, 1, 2, 3].map((i) => (i === axis ? -1 : 1)),
        ),
      );
    const [gamma, beta, mean, variance] = weights as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const first = layers.model({ inputs, outputs: before });
    const theirs = (x: tf.Tensor): tf.Tensor => {
      const centred = tf.sub(after ? (first.apply(x) as tf.Tensor) : x, mean);
      return tf.add(tf.mul(tf.div(centred, tf.sqrt(tf.add(variance, 0.01))), gamma), beta);
    };
    const asked = question(shape, model.outputs[0]!.shape[1]!);
    const ours = await ofGraph(graphOf(write(await saved(model))), asked);
    expectAgreement(agreement(ours, ofTfjs(theirs, asked), asked));
  });
});
