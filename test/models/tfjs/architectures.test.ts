import { describe, it } from '@jest/globals';
import * as layers from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { loadModel } from '../../../src/models/load.js';
import { resolveModel } from '../../../src/models/reference.js';
import { engine } from '../../classifier/loaded.js';
import { tfl, type Applied, type Symbolic } from './cases/layer-case.js';
import { randomise, saved, write } from './saved.js';
import { agreement, apply, expectAgreement, ofClassifier, ofTfjs, question } from './witness.js';

/** A layer that takes whatever comes before it. */
type Step = (x: Symbolic) => Symbolic;

const step =
  (make: () => Applied): Step =>
  (x) =>
    make().apply(x) as Symbolic;

// Smooth ones alone: where the derivative jumps, two engines that round differently may rightly differ. Nor is anything repeated, by
// enlarging or by windows of maxima that overlap, so that several elements would be the maximum.
const activation = fc.constantFrom('tanh', 'sigmoid', 'swish', 'softplus', 'selu', 'linear');
const padding = fc.constantFrom<('valid' | 'same')[]>('valid', 'same');

const convolution = fc
  .record({
    filters: fc.integer({ min: 1, max: 5 }),
    kernelSize: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    strides: fc.integer({ min: 1, max: 2 }),
    padding,
    activation,
    useBias: fc.boolean(),
  })
  .map((settings) => step(() => tfl.conv2d(settings)));

const depthwise = fc
  .record({
    kernelSize: fc.integer({ min: 1, max: 3 }),
    depthMultiplier: fc.integer({ min: 1, max: 2 }),
    padding,
    activation,
  })
  .map((settings) => step(() => tfl.depthwiseConv2d(settings)));

const residual = fc
  .constantFrom(
    () => tfl.add(),
    () => tfl.average(),
    () => tfl.multiply(),
    () => tfl.concatenate(),
  )
  .map((merge): Step => (x) => {
    const same = tfl.conv2d({ filters: x.shape[3]!, kernelSize: 3, padding: 'same', activation: 'tanh' });
    return merge().apply([x, same.apply(x) as Symbolic]) as Symbolic;
  });

const gate: Step = (x) => {
  const channels = x.shape[3]!;
  const pooled = tfl.globalAveragePooling2d({}).apply(x) as Symbolic;
  const weights = tfl.dense({ units: channels, activation: 'sigmoid' }).apply(pooled) as Symbolic;
  const shaped = tfl.reshape({ targetShape: [1, 1, channels] }).apply(weights) as Symbolic;
  return tfl.multiply().apply([x, shaped]) as Symbolic;
};

/** Of a single channel it makes a constant, whose gradient is rounding alone. */
const normalization: Step = (x) =>
  x.shape[3] === 1 ? x : (tfl.layerNormalization({ epsilon: 0.1 }).apply(x) as Symbolic);

const simple = fc.constantFrom<Step[]>(
  step(() => tfl.batchNormalization()),
  step(() => tfl.dropout({ rate: 0.5 })),
  step(() =>
    tfl.zeroPadding2d({
      padding: [
        [1, 0],
        [0, 2],
      ],
    }),
  ),
  step(() => tfl.averagePooling2d({ poolSize: 2, strides: 1 })),
  step(() => tfl.maxPooling2d({ poolSize: 2 })),
  normalization,
  step(() => tfl.permute({ dims: [2, 1, 3] })),
  step(() => tfl.dense({ units: 3, activation: 'tanh' })),
  gate,
);

const end = fc.constantFrom<Step[]>(
  step(() => tfl.flatten()),
  step(() => tfl.globalAveragePooling2d({})),
  step(() => tfl.globalMaxPooling2d({})),
  (x) => {
    const flat = tfl.flatten().apply(x) as Symbolic;
    return tfl
      .concatenate()
      .apply([flat, tfl.dense({ units: 3, activation: 'tanh' }).apply(flat) as Symbolic]) as Symbolic;
  },
);

describe('a random network of TensorFlow.js layers', () => {
  it('has the logits and gradients, as attacks see them, that TensorFlow.js gives it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(fc.integer({ min: 5, max: 7 }), fc.integer({ min: 5, max: 7 }), fc.constantFrom(1, 2, 3)),
        fc.array(fc.oneof(convolution, depthwise, residual, simple), { minLength: 1, maxLength: 5 }),
        end,
        fc.integer({ min: 0, max: 1000 }),
        async (shape, steps, last, seed) => {
          const inputs = layers.input({ shape });
          const largeEnough = (x: Symbolic): boolean => Math.min(x.shape[1]!, x.shape[2]!) >= 3;
          const image = steps.reduce((x, next) => (largeEnough(x) ? next(x) : x), inputs);
          const outputs = tfl.dense({ units: 4 }).apply(last(image)) as Symbolic;
          const model = layers.model({ inputs, outputs });
          randomise(model, seed);
          const asked = question(shape, 4, 2, seed);
          const loaded = await loadModel(await resolveModel(write(await saved(model))), engine);
          expectAgreement(agreement(await ofClassifier(loaded, asked), ofTfjs(apply(model), asked), asked));
          model.dispose();
        },
      ),
      { numRuns: 15, seed: 20260101 },
    );
  });
});
