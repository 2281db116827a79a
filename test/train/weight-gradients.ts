import { expect } from '@jest/globals';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime/engine.js';
import { runnerOf } from '../../src/engine/runner.js';
import { buildNetwork, type NetworkSpec } from '../../src/models/architectures/network.js';
import { keyedStream } from '../../src/random/keyed.js';
import { elementCount, floatTensor, type FloatTensor } from '../../src/tensor/tensor.js';
import { dropoutMask } from '../../src/train/dropout.js';
import { trainingStep } from '../../src/train/step.js';
import { referenceGradients, type ReferenceLoss } from './tfjs-network.js';

const BATCH_SIZE = 5;
const NUM_CLASSES = 4;

export const grey: NetworkSpec['input'] = { shape: [1, 9, 9], mean: [0.4], std: [0.3] };
export const colour: NetworkSpec['input'] = {
  shape: [3, 9, 7],
  mean: [0.4, 0.5, 0.6],
  std: [0.3, 0.2, 0.1],
};

/** A network and the loss it is trained with. */
export interface Case {
  readonly name: string;
  readonly spec: Omit<NetworkSpec, 'input' | 'numClasses'>;
  /** One channel of an odd size where absent. */
  readonly input?: NetworkSpec['input'];
  readonly terms?: Omit<ReferenceLoss, 'mask'>;
  /** Norm of the difference over the norm of the reference, per tensor; both sides compute in float32. 1e-4 where absent. */
  readonly tolerance?: number;
}

const engine = await createOnnxRuntimeEngine();

function randomBatch(shape: readonly number[]) {
  const size = elementCount(shape);
  const pixels = keyedStream(3, 0, 'test/pixels').fillUniform(new Float32Array(BATCH_SIZE * size));
  const oneHot = new Float32Array(BATCH_SIZE * NUM_CLASSES);
  for (let i = 0; i < BATCH_SIZE; i++) oneHot[i * NUM_CLASSES + ((3 * i) % NUM_CLASSES)] = 1;
  return {
    images: floatTensor(pixels, [BATCH_SIZE, ...shape]),
    oneHot: floatTensor(oneHot, [BATCH_SIZE, NUM_CLASSES]),
  };
}

const scalar = (value: number): FloatTensor => floatTensor(Float32Array.of(value), []);

/** Fails unless the gradient of every weight is TensorFlow.js's. */
export async function expectReferenceGradients({
  spec,
  input = grey,
  terms = {},
  tolerance = 1e-4,
}: Case): Promise<void> {
  const full: NetworkSpec = { ...spec, input, numClasses: NUM_CLASSES };
  const network = buildNetwork(full, (name) => keyedStream(1, 0, name));
  // Without momentum, the velocity after a step from zero is the gradient itself.
  const step = await trainingStep(
    network,
    {
      optimiser: { kind: 'sgd', learningRate: 1, momentum: 0, weightDecay: 0 },
      penalty: terms.penalty?.kind ?? null,
      ...(terms.loss && { loss: terms.loss }),
    },
    runnerOf(engine),
  );
  const { images, oneHot } = randomBatch(input.shape);
  const initial = (name: string) => network.graph.initializers.get(name) as FloatTensor;
  const weights = new Map(network.parameters.map(({ name }) => [name, initial(name)]));
  const statistics = network.statistics.map(({ name }) => [name, initial(name)] as const);
  const zeros = step.slots.map(
    ({ name, dims }) => [name, floatTensor(new Float32Array(elementCount(dims)), dims)] as const,
  );
  const factors = dropoutMask([0, 1, 2, 3, 4], NUM_CLASSES, network.dropout, 0, 0);
  const mask = network.dropout > 0 ? floatTensor(factors, oneHot.dims) : undefined;
  const found = await runnerOf(engine)(step.graph, {
    input: images,
    labels: oneHot,
    learning_rate: scalar(1),
    ...(terms.penalty && { penalty_strength: scalar(terms.penalty.strength) }),
    ...(mask && { dropout_mask: mask }),
    ...Object.fromEntries([...weights, ...statistics, ...zeros]),
  });

  const expected = referenceGradients(full, weights, images, oneHot, { ...terms, ...(mask && { mask }) });
  expect(Math.abs(Number(found['loss']!.data[0]) / expected.loss - 1)).toBeLessThan(1e-5);
  const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
  const errors = step.slots.map(({ name, next }) => {
    const reference = expected.gradients.get(name.replace('/velocity', ''))!;
    const ours = found[next]!.data as Float32Array;
    return [name, norm(reference.map((value, i) => value - ours[i]!)) / norm(reference)] as const;
  });
  expect(errors).toHaveLength(network.parameters.length);
  expect(errors.filter(([, error]) => !(error < tolerance))).toEqual([]);
}
