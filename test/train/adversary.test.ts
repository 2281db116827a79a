import { describe, expect, it } from '@jest/globals';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime/engine.js';
import { buildNetwork, type NetworkSpec } from '../../src/models/architectures/network.js';
import { keyedStream } from '../../src/random/keyed.js';
import { floatTensor, type FloatTensor, type Tensor } from '../../src/tensor/tensor.js';
import { createAdversary } from '../../src/train/adversary.js';
import { trainedTensors, withParametersAsInputs } from '../../src/train/step.js';

const KEYS = [4, 9, 17];
const spec: NetworkSpec = {
  backbone: { kind: 'resnet', depth: 8, widths: [2, 3, 4] },
  head: 'linpen',
  units: 5,
  activation: 'silu',
  input: { shape: [1, 8, 8], mean: [0.5], std: [0.3] },
  numClasses: 3,
};
const engine = await createOnnxRuntimeEngine();
const network = buildNetwork(spec, (name) => keyedStream(0, 0, name));
const weights: Record<string, Tensor> = Object.fromEntries(
  trainedTensors(network).map(({ name }) => [name, network.graph.initializers.get(name) as FloatTensor]),
);
const images = floatTensor(keyedStream(1, 0, 'x').fillUniform(new Float32Array(3 * 64)), [3, 1, 8, 8]);
const labels = floatTensor(Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), [3, 3]);

/** Images after the attack. */
async function attacked(budget: { epsilon: number; steps: number; warmUp?: number }, epoch = 0, seed = 0) {
  const adversarial = { stepSize: budget.epsilon / 4, warmUp: 0, ...budget };
  const adversary = await createAdversary(network, adversarial, seed, engine, { threads: 1 });
  try {
    return await adversary.attack({ images, labels, keys: KEYS, weights, epoch });
  } finally {
    await adversary.release();
  }
}

async function crossEntropy(input: Tensor): Promise<number> {
  const session = await engine.compile(withParametersAsInputs(network), { threads: 1 });
  const { logits } = await session.run({ input, ...weights });
  await session.release();
  const values = logits!.data as Float32Array;
  return KEYS.reduce((sum, _, i) => {
    const row = values.subarray(i * 3, i * 3 + 3);
    return sum + Math.log(row.reduce((total, value) => total + Math.exp(value), 0)) - row[i]!;
  }, 0);
}

const changes = (after: Tensor) =>
  (after.data as Float32Array).map((value, i) => Math.abs(value - images.data[i]!));

describe('adversarial examples in training', () => {
  it('lie in the ball and in [0, 1], and raise the loss more than their random start', async () => {
    const start = await attacked({ epsilon: 0.2, steps: 0 });
    const end = await attacked({ epsilon: 0.2, steps: 8 });
    expect(Math.max(...changes(end))).toBeLessThanOrEqual(0.2 + 1e-6);
    const values = end.data as Float32Array;
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThanOrEqual(1);
    expect(await crossEntropy(end)).toBeGreaterThan(await crossEntropy(start));
  });

  it('are the same for the same seed and epoch, and start elsewhere for others', async () => {
    const budget = { epsilon: 0.2, steps: 1 };
    const first = await attacked(budget);
    expect(await attacked(budget)).toEqual(first);
    expect(await attacked(budget, 1)).not.toEqual(first);
    expect(await attacked(budget, 0, 1)).not.toEqual(first);
  });

  it('have a budget that grows over the epochs of the warm-up', async () => {
    const budget = { epsilon: 0.2, steps: 4, warmUp: 2 };
    expect(Math.max(...changes(await attacked(budget, 0)))).toBe(0);
    expect(Math.max(...changes(await attacked(budget, 0.5)))).toBeCloseTo(0.05, 5);
    expect(Math.max(...changes(await attacked(budget, 1)))).toBeCloseTo(0.1, 5);
    expect(Math.max(...changes(await attacked(budget, 7)))).toBeCloseTo(0.2, 5);
  });

  it('leave the images given to them alone', async () => {
    const before = images.data.slice();
    await attacked({ epsilon: 0.2, steps: 2 });
    expect(images.data).toEqual(before);
  });
});
