import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { labelledImages } from '../../src/bench/images.js';
import { benchModel, parameterCount } from '../../src/bench/models.js';
import { benchNetworkIds, type BenchNetworkId } from '../../src/bench/networks/index.js';
import { createClassifier, type EngineClassifier } from '../../src/classifier/engine-classifier.js';
import { runnerOf } from '../../src/engine/runner.js';
import { countFlops } from '../../src/graph/flops.js';
import { inferShapes } from '../../src/graph/shapes.js';
import type { LoadedModel } from '../../src/models/load.js';
import { engine } from '../graph/autodiff/gradient-check.js';

/** Filters of a convolution and of a dense layer, without biases. */
const conv = (channelsIn: number, channels: number, kernel = 3) => channelsIn * channels * kernel ** 2;

const STAGES = [64, 128, 256, 512];

const resnet = {
  // Per stage: the first 3x3 (fewer channels in), three more, and the 1x1 shortcut where the shape changes.
  weights: STAGES.map((channels, i) => {
    const inputs = STAGES[i - 1] ?? channels;
    return conv(inputs, channels) + 3 * conv(channels, channels) + (i === 0 ? 0 : conv(inputs, channels, 1));
  }),
  biases: STAGES.reduce((sum, channels, i) => sum + channels * (i === 0 ? 4 : 5), 0),
};

const VIT = { dim: 192, tokens: 65, depth: 6, patch: 4 * 4 * 3 };
const vitBlock = 12 * VIT.dim ** 2;

/** Multiplications and additions of a forward pass of one image, and weights, in closed form. */
const EXPECTED: Readonly<Record<BenchNetworkId, { flops: number; parameters: number }>> = {
  cnn: {
    flops: 2 * (28 ** 2 * (conv(1, 32) + conv(32, 64)) + 14 ** 2 * conv(64, 128) + 6272 * 128 + 128 * 10),
    parameters: conv(1, 32) + conv(32, 64) + conv(64, 128) + 6272 * 128 + 1280 + 32 + 64 + 128 + 128 + 10,
  },
  mlp: {
    flops: 2 * (784 * 1024 + 1024 * 1024 + 1024 * 64 + 64 * 10),
    parameters: 784 * 1024 + 1024 * 1024 + 1024 * 64 + 64 * 10 + 1024 + 1024 + 64 + 10,
  },
  resnet18: {
    flops:
      2 *
      (32 ** 2 * conv(3, 64) + resnet.weights.reduce((sum, n, i) => sum + n * (32 / 2 ** i) ** 2, 0) + 5120),
    parameters: conv(3, 64) + 64 + resnet.weights.reduce((sum, n) => sum + n) + resnet.biases + 5120 + 10,
  },
  vit: {
    flops:
      2 *
      (64 * VIT.patch * VIT.dim +
        VIT.depth * (VIT.tokens * vitBlock + 2 * VIT.tokens ** 2 * VIT.dim) +
        VIT.dim * 10),
    parameters:
      (VIT.patch + 1) * VIT.dim +
      VIT.tokens * VIT.dim +
      // Biases: 3 + 1 in attention, 4 + 1 behind it; two normalisations of scale and shift.
      VIT.depth * (vitBlock + 9 * VIT.dim + 4 * VIT.dim) +
      2 * VIT.dim +
      (VIT.dim + 1) * 10,
  },
};

describe.each(benchNetworkIds)('the network %s', (id) => {
  let model: LoadedModel;
  let classifier: EngineClassifier;
  beforeAll(async () => {
    model = await benchModel(id, engine);
    classifier = await createClassifier(model, engine, { threads: 1 });
  });
  afterAll(() => classifier.dispose());

  it('has the weights and the operations that its description implies', async () => {
    const shapes = await inferShapes(model.graph, runnerOf(engine));
    expect({ flops: countFlops(model.graph, shapes), parameters: parameterCount(model.graph) }).toEqual(
      EXPECTED[id],
    );
  });

  it('gives logits of order one and gradients that are finite and not zero', async () => {
    const { labels, ...batch } = await labelledImages(classifier, 2);
    const { logits, gradient } = await classifier.lossGradient(batch, { labels, loss: 'ce' });
    const largest = Math.max(...logits.map(Math.abs));
    expect(largest).toBeGreaterThan(0.05);
    expect(largest).toBeLessThan(50);
    expect(gradient.every(Number.isFinite)).toBe(true);
    expect(gradient.filter((value) => value !== 0).length).toBeGreaterThan(gradient.length / 2);
  });
});

describe('operations of a forward pass with its gradient, counted twice the forward', () => {
  it.each([
    ['cnn', 0.12],
    ['mlp', 0.0077],
    ['resnet18', 2.22],
  ] as const)('of %s are %d billion per image', (id, billions) => {
    expect((2 * EXPECTED[id].flops) / 1e9 / billions).toBeCloseTo(1, 1);
  });
});
