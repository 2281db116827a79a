import { describe, expect, it } from '@jest/globals';
import type { Classifier } from '../../src/classifier/classifier.js';
import { randomNetwork } from '../../src/plugin/testing.js';
import { examplesFor, INPUT } from '../../src/plugin/contract/situation.js';
import type { Problem } from '../../src/plugin/problem.js';
import type { Norm, Threat } from '../../src/plugin/threat.js';
import { withData } from '../../src/tensor/batch.js';
import { distancesOf, linearWorld } from './linear-world.js';
import { runBuiltin } from './run.js';

const untargeted = (batch: Problem['batch'], norm: Norm, epsilon: number): Problem => ({
  batch,
  threat: { kind: 'lp', norm, epsilon },
  goal: { kind: 'untargeted' },
});

/** How many examples end up misclassified within epsilon. */
async function fooledCount(
  world: Awaited<ReturnType<typeof linearWorld>>,
  id: string,
  norm: Norm,
  epsilon: number,
  parameters: Readonly<Record<string, unknown>> = {},
) {
  const problem = untargeted(world.batch, norm, epsilon);
  const { data } = await runBuiltin(id, world.classifier, problem, parameters);
  const distances = await distancesOf(world, data, norm);
  return distances.filter((distance) => distance <= epsilon * (1 + 1e-5)).length;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** The middle budget: half of the examples can be fooled, none of them by less than the margin of the test. */
async function world(numClasses: number, norm: Norm) {
  const made = await linearWorld({ numClasses, count: 40, shape: [1, 7, 5] });
  const optima = made.batch.keys.map((_key, row) => made.optimum(row, norm));
  const epsilon = median(optima);
  const sure = optima.filter((optimum) => optimum < 0.99 * epsilon).length;
  const possible = optima.filter((optimum) => optimum <= epsilon * (1 + 1e-5)).length;
  return { made, epsilon, sure, possible };
}

const NORMS = ['linf', 'l2', 'l1'] as const;

describe.each(NORMS)('on linear classifiers in %s', (norm) => {
  it('apgd fools with two classes what can be fooled, and nothing else', async () => {
    const { made, epsilon, sure, possible } = await world(2, norm);
    const found = await fooledCount(made, 'apgd', norm, epsilon);
    expect(found).toBeGreaterThanOrEqual(sure);
    expect(found).toBeLessThanOrEqual(possible);
  });

  it.each([3, 10])('apgd-targeted misses at most one of 40 with %d classes', async (numClasses) => {
    const { made, epsilon, sure, possible } = await world(numClasses, norm);
    const found = await fooledCount(made, 'apgd-targeted', norm, epsilon);
    expect(found).toBeGreaterThanOrEqual(sure - 1);
    expect(found).toBeLessThanOrEqual(possible);
  });
});

describe('apgd', () => {
  const classifier = randomNetwork(3, INPUT, 16, 5);
  const keys = Array.from({ length: 24 }, (_, i) => i);
  const linf = async (epsilon: number) => untargeted(await examplesFor(classifier, keys), 'linf', epsilon);
  const flags = async (by: Classifier, problem: Problem, data: Float32Array) => {
    const predicted = await by.predict(withData(problem.batch, data));
    return keys.map((_key, row) => predicted[row] !== problem.batch.labels[row]);
  };

  it('fools at least what as many steps of pgd fool', async () => {
    const problem = await linf(0.05);
    const adaptive = await runBuiltin('apgd', classifier, problem, { steps: 50 });
    const plain = await runBuiltin('pgd', classifier, problem, { steps: 50 });
    const [found, reference] = [
      await flags(classifier, problem, adaptive.data),
      await flags(classifier, problem, plain.data),
    ];
    const count = (values: readonly boolean[]) => values.filter(Boolean).length;
    expect(count(reference)).toBeGreaterThan(0);
    expect(count(found)).toBeGreaterThanOrEqual(count(reference));
  });

  it('spends one gradient per step and a forward pass at the end, and nothing on what is fooled', async () => {
    const problem = await linf(0.05);
    const { data, passes } = await runBuiltin('apgd', classifier, problem, { steps: 30 });
    const fooled = await flags(classifier, problem, data);
    expect(fooled.some((flag) => !flag)).toBe(true);
    fooled.forEach((flag, row) => {
      if (flag) expect(passes[row]!.gradient).toBeLessThanOrEqual(30);
      else expect(passes[row]).toEqual({ forward: 1, gradient: 30 });
    });
  });

  it('towards targets tries each of the most likely wrong classes, at most all of them', async () => {
    const problem = await linf(0.001);
    const { passes } = await runBuiltin('apgd-targeted', classifier, problem, { steps: 5, targets: 9 });
    expect(passes).toEqual(keys.map(() => ({ forward: 1 + 4, gradient: 4 * 5 })));
  });

  it.each<[string, Threat['kind']]>([
    ['a ball', 'lp'],
    ['a box', 'box'],
  ])('stops on an example whose gradient is zero everywhere, in %s', async (_title, kind) => {
    const flat: Classifier = {
      ...classifier,
      lossGradient: async (batch, request) => {
        const pass = await classifier.lossGradient(batch, request);
        return { ...pass, gradient: pass.gradient.map(() => 0) };
      },
    };
    const { batch, goal } = await linf(0.01);
    const threat: Threat =
      kind === 'lp'
        ? { kind: 'lp', norm: 'linf', epsilon: 0.01 }
        : { kind: 'box', lower: batch.data.map((v) => v - 0.01), upper: batch.data.map((v) => v + 0.01) };
    const { data } = await runBuiltin('apgd', flat, { batch, threat, goal }, { steps: 10 });
    expect(data.every(Number.isFinite)).toBe(true);
  });
});
