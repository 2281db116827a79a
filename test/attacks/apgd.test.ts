import { describe, expect, it } from '@jest/globals';
import type { Classifier } from '../../src/classifier/classifier.js';
import { randomNetwork } from '../../src/plugin/testing.js';
import { examplesFor, INPUT } from '../../src/plugin/contract/situation.js';
import type { Problem } from '../../src/plugin/problem.js';
import type { Threat } from '../../src/plugin/threat.js';
import { withData } from '../../src/tensor/batch.js';
import { runBuiltin } from './run.js';

describe('apgd', () => {
  const classifier = randomNetwork(3, INPUT, 16, 5);
  const keys = Array.from({ length: 24 }, (_, i) => i);
  const linf = async (epsilon: number): Promise<Problem> => ({
    batch: await examplesFor(classifier, keys),
    threat: { kind: 'lp', norm: 'linf', epsilon },
    goal: { kind: 'untargeted' },
  });
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
