import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../src/engine/engine.js';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime/engine.js';
import { runnerOf } from '../../src/engine/runner.js';
import { buildNetwork, type NetworkSpec } from '../../src/models/architectures/registry.js';
import { keyedStream } from '../../src/random/keyed.js';
import { floatTensor, type FloatTensor } from '../../src/tensor/tensor.js';
import type { PenaltyId } from '../../src/train/penalties.js';
import { trainingStep } from '../../src/train/step.js';
import { referenceGradients } from './tfjs-network.js';

/** Norm of the difference over the norm of the reference, per tensor; both sides compute in float32. */
const TOLERANCE = 1e-4;
const BATCH_SIZE = 5;
const NUM_CLASSES = 4;

const input: NetworkSpec['input'] = { shape: [1, 9, 9], mean: [0.4], std: [0.3] };
const mlp = { kind: 'mlp', widths: [12, 7] } as const;
const cnn = { kind: 'cnn', channels: [3, 4], widths: [6] } as const;

interface Case {
  readonly name: string;
  readonly spec: Omit<NetworkSpec, 'input' | 'numClasses'>;
  readonly penalty: { readonly kind: PenaltyId; readonly strength: number } | null;
}

const cases: readonly Case[] = [
  {
    name: 'dense layers, ReLU and the mean-square penalty on a linear penultimate layer',
    spec: { backbone: mlp, head: 'binenc', units: 5, activation: 'relu' },
    penalty: { kind: 'mean-square', strength: 0.7 },
  },
  {
    name: 'dense layers, SiLU and the exponential penalty',
    spec: { backbone: mlp, head: 'wide-binenc', units: 20, activation: 'silu' },
    penalty: { kind: 'exp', strength: 0.3 },
  },
  {
    name: 'dense layers and a non-linear penultimate layer',
    spec: { backbone: mlp, head: 'nonlinpen', units: 5, activation: 'silu' },
    penalty: null,
  },
  {
    name: 'convolutions, max pooling over an odd width, ReLU and a linear penultimate layer',
    spec: { backbone: cnn, head: 'linpen', units: 5, activation: 'relu' },
    penalty: null,
  },
  {
    name: 'convolutions and SiLU without penultimate layer',
    spec: { backbone: cnn, head: 'nopen', activation: 'silu' },
    penalty: null,
  },
];

function randomBatch(): { images: FloatTensor; oneHot: FloatTensor } {
  const pixels = keyedStream(3, 0, 'test/pixels').fillUniform(new Float32Array(BATCH_SIZE * 81));
  const oneHot = new Float32Array(BATCH_SIZE * NUM_CLASSES);
  for (let i = 0; i < BATCH_SIZE; i++) oneHot[i * NUM_CLASSES + ((3 * i) % NUM_CLASSES)] = 1;
  return {
    images: floatTensor(pixels, [BATCH_SIZE, 1, 9, 9]),
    oneHot: floatTensor(oneHot, [BATCH_SIZE, NUM_CLASSES]),
  };
}

describe('the gradient of the training loss with respect to the weights agrees with TensorFlow.js', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createOnnxRuntimeEngine();
  });

  it.each(cases)('for $name', async ({ spec, penalty }) => {
    const full: NetworkSpec = { ...spec, input, numClasses: NUM_CLASSES };
    const network = buildNetwork(full, (name) => keyedStream(1, 0, name));
    // Without momentum, the velocity after a step from zero is the gradient itself.
    const optimiser = { kind: 'sgd', learningRate: 1, momentum: 0, weightDecay: 0 } as const;
    const run = runnerOf(engine);
    const step = await trainingStep(network, { optimiser, penalty: penalty?.kind ?? null }, run);

    const { images, oneHot } = randomBatch();
    const weights = new Map(
      network.parameters.map(({ name }) => [name, network.graph.initializers.get(name) as FloatTensor]),
    );
    const zeros = step.slots.map(({ name, dims }) => {
      const size = dims.reduce((product, dim) => product * dim, 1);
      return [name, floatTensor(new Float32Array(size), dims)] as const;
    });
    const found = await run(step.graph, {
      input: images,
      labels: oneHot,
      learning_rate: floatTensor(Float32Array.of(1), []),
      ...(penalty && { penalty_strength: floatTensor(Float32Array.of(penalty.strength), []) }),
      ...Object.fromEntries(weights),
      ...Object.fromEntries(zeros),
    });

    const expected = referenceGradients(full, weights, images, oneHot, penalty);
    expect(Math.abs(Number(found['loss']!.data[0]) / expected.loss - 1)).toBeLessThan(1e-5);
    const errors = step.slots.map(({ name, next }) => {
      const reference = expected.gradients.get(name.replace('/velocity', ''))!;
      const ours = found[next]!.data as Float32Array;
      const difference = Math.hypot(...reference.map((value, i) => value - ours[i]!));
      return [name, difference / Math.hypot(...reference)] as const;
    });
    expect(errors).toHaveLength(network.parameters.length);
    expect(errors.filter(([, error]) => !(error < TOLERANCE))).toEqual([]);
  });
});
