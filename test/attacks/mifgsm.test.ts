import { describe, expect, it } from '@jest/globals';
import { countPasses } from '../../src/classifier/counting.js';
import type { Classifier } from '../../src/classifier/classifier.js';
import { attackContext } from '../../src/evaluate/context.js';
import { examplesFor, INPUT } from '../../src/plugin/contract/situation.js';
import { resolveParameters } from '../../src/plugin/parameters.js';
import type { Problem } from '../../src/plugin/problem.js';
import { loadAttack } from '../../src/plugin/registry.js';
import { denseClassifier, randomNetwork } from '../../src/plugin/testing.js';
import { withData } from '../../src/tensor/batch.js';
import { runBuiltin } from './run.js';

const classifier = randomNetwork(3, INPUT, 16, 5);
const surrogate = randomNetwork(4, INPUT, 16, 5);
const keys = Array.from({ length: 20 }, (_, i) => i);
const batch = await examplesFor(classifier, keys);
const size = 36;
const EPSILON = 0.08;
const problem: Problem = {
  batch,
  threat: { kind: 'lp', norm: 'linf', epsilon: EPSILON },
  goal: { kind: 'untargeted' },
};

/** The algorithm box: momentum on gradients over their mean absolute value, sign steps, clipping. */
async function plainLoop(
  source: Classifier,
  steps: number,
  decay: number,
  ahead = false,
): Promise<Float32Array> {
  const alpha = 0.1 * EPSILON;
  let x = batch.data;
  const momentum = new Float64Array(x.length);
  for (let step = 0; step < steps; step++) {
    const at = ahead ? x.map((value, i) => value + alpha * decay * momentum[i]!) : x;
    const { gradient } = await source.lossGradient(withData(batch, at), { labels: batch.labels, loss: 'ce' });
    keys.forEach((_key, row) => {
      const slope = gradient.subarray(row * size, (row + 1) * size);
      const mean = slope.reduce((sum, value) => sum + Math.abs(value), 0) / size;
      slope.forEach((value, i) => {
        momentum[row * size + i] = decay * momentum[row * size + i]! + value / mean;
      });
    });
    x = x.map((value, i) => {
      const moved = Math.fround(value + alpha * Math.sign(momentum[i]!));
      const clean = batch.data[i]!;
      return Math.min(Math.max(Math.min(Math.max(moved, clean - EPSILON), clean + EPSILON), 0), 1);
    });
  }
  return x;
}

/** Runs the attack with a surrogate whose passes are counted apart. */
async function transferred(given: Record<string, unknown> = {}, source: Classifier = surrogate, seed = 0) {
  const attack = await loadAttack('mifgsm');
  const [target, gradients] = [countPasses(classifier), countPasses(source)];
  const context = attackContext({
    ...{ attack, classifier: target, clean: batch, ...problem, seed, loadAttack, surrogate: gradients },
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  const parameters = resolveParameters(attack.parameters, given, 'mifgsm');
  const proposal = await attack.run(target, batch, problem.threat, problem.goal, parameters, context);
  if (proposal.kind !== 'examples') throw new Error(proposal.kind);
  return { data: proposal.data, target, gradients };
}

const near = (data: Float32Array, expected: Float32Array) =>
  data.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));

describe('mifgsm', () => {
  it('with a surrogate is the loop of the paper, its gradients the surrogate’s alone', async () => {
    const { data, target, gradients } = await transferred({ steps: 8 });
    near(data, await plainLoop(surrogate, 8, 1));
    for (const key of keys) {
      expect(gradients.passes(key)).toEqual({ forward: 0, gradient: 8 });
      expect(target.passes(key)).toEqual({ forward: 0, gradient: 0 });
    }
  });

  it('with nesterov takes the gradient where the momentum leads', async () => {
    const { data } = await transferred({ steps: 6, nesterov: true, decay: 0.9 });
    near(data, await plainLoop(surrogate, 6, 0.9, true));
    expect(data).not.toEqual(await plainLoop(surrogate, 6, 0.9));
  });

  it('without decay steps as bim does', async () => {
    const mi = await runBuiltin('mifgsm', classifier, problem, { decay: 0, stepSize: 0.2 });
    const bim = await runBuiltin('bim', classifier, problem, { zeroGradient: 'stay' });
    expect(mi).toEqual(bim);
  });

  it('without a surrogate lets fooled examples leave and proposes the best iterate', async () => {
    const { data, passes } = await runBuiltin('mifgsm', classifier, problem, { steps: 20 });
    const predicted = await classifier.predict(withData(batch, data));
    const fooled = keys.filter((row) => predicted[row] !== batch.labels[row]);
    expect(fooled.length).toBeGreaterThan(0);
    expect(fooled.length).toBeLessThan(keys.length);
    keys.forEach((row) => {
      if (!fooled.includes(row)) expect(passes[row]).toEqual({ forward: 1, gradient: 20 });
    });
    expect(Math.min(...passes.map(({ gradient }) => gradient))).toBeLessThan(20);
  });

  it('sums the gradients of darker copies, each a pass of its own', async () => {
    const { data, gradients } = await transferred({ steps: 1, scaleCopies: 3, stepSize: 1 });
    const total = new Float64Array(batch.data.length);
    for (const scale of [1, 0.5, 0.25]) {
      const dark = withData(
        batch,
        batch.data.map((value) => value * scale),
      );
      const { gradient } = await surrogate.lossGradient(dark, { labels: batch.labels, loss: 'ce' });
      gradient.forEach((value, i) => (total[i]! += scale * value));
    }
    near(
      data,
      batch.data.map((value, i) => Math.min(Math.max(value + EPSILON * Math.sign(total[i]!), 0), 1)),
    );
    expect(gradients.passes(0)).toEqual({ forward: 0, gradient: 3 });
  });

  it('smooths gradients with the kernel: a lone gradient moves its neighbours too', async () => {
    const weights = new Float64Array(2 * size);
    weights[size + 14] = 1;
    const point = denseClassifier([{ weights, bias: Float64Array.of(0.1, 0) }], INPUT);
    const grey = {
      shape: INPUT.shape,
      keys: [0],
      data: new Float32Array(size).fill(0.05),
      labels: Int32Array.of(0),
    };
    const moved = async (kernel: number) => {
      const { data } = await runBuiltin('mifgsm', point, { ...problem, batch: grey }, { kernel, steps: 1 });
      return data.reduce((count, value) => count + (value === grey.data[0] ? 0 : 1), 0);
    };
    expect(await moved(1)).toBe(1);
    expect(await moved(3)).toBe(9);
    await expect(moved(4)).rejects.toThrow(/kernel must be odd/);
  });

  it('draws other resized copies for another seed, the same for the same', async () => {
    const given = { diversity: 1, smallest: 0.5 };
    const [one, again, other] = [
      await transferred(given, surrogate, 1),
      await transferred(given, surrogate, 1),
      await transferred(given, surrogate, 2),
    ];
    expect(again.data).toEqual(one.data);
    expect(other.data).not.toEqual(one.data);
    expect((await transferred({ diversity: 0 }, surrogate, 1)).data).not.toEqual(one.data);
  });

  it('adds nothing for a gradient of zero', async () => {
    const flat: Classifier = {
      ...surrogate,
      lossGradient: async (...given) => {
        const pass = await surrogate.lossGradient(...given);
        return { ...pass, gradient: pass.gradient.fill(0) };
      },
    };
    const { data } = await transferred({ nesterov: true }, flat);
    expect(data).toEqual(batch.data);
  });

  it('refuses what needs an image on examples that are none', async () => {
    const vector: Classifier = { ...classifier, input: { ...INPUT, shape: [36], layout: 'flat' } };
    await expect(runBuiltin('mifgsm', vector, problem, { diversity: 0.5 })).rejects.toThrow(/need an image/);
  });
});
