import { describe, expect, it } from '@jest/globals';
import { examplesFor, INPUT } from '../../src/plugin/contract/situation.js';
import type { Problem } from '../../src/plugin/problem.js';
import { randomNetwork } from '../../src/plugin/testing.js';
import type { Threat } from '../../src/plugin/threat.js';
import { rowOf, withData } from '../../src/tensor/batch.js';
import { distance } from '../../src/tensor/norms.js';
import { linearWorld } from './linear-world.js';
import { findOn } from './minimum-norm.js';
import { runBuiltin } from './run.js';

const NORMS = ['linf', 'l2'] as const;
const classifier = randomNetwork(3, INPUT, 16, 5);
const keys = Array.from({ length: 16 }, (_, i) => i);
const clean = await examplesFor(classifier, keys);
const problemUnder = (threat: Threat, batch = clean): Problem => ({
  batch,
  threat,
  goal: { kind: 'untargeted' },
});
const farFrom = (data: Float32Array, norm: (typeof NORMS)[number]) =>
  keys.map((_key, row) => distance(norm, rowOf(withData(clean, data), row), rowOf(clean, row)));
async function fooled(data: Float32Array): Promise<boolean[]> {
  const predicted = await classifier.predict(withData(clean, data));
  return keys.map((_key, row) => predicted[row] !== clean.labels[row]);
}

describe.each(NORMS)('deepfool in %s', (norm) => {
  it.each([2, 3, 10])(
    'is within 5 %% of the smallest distance to %d linear classes where the box is out of reach, after one step',
    async (numClasses) => {
      const options = { numClasses, count: 16, shape: [1, 14, 10], values: 'middle' } as const;
      const { excess } = await findOn(await linearWorld(options), 'deepfool', norm, { steps: 1 });
      expect(excess.at(-1)).toBeLessThan(1.05);
      // The overshoot itself.
      expect(excess[0]).toBeGreaterThan(1.0199);
    },
  );

  it('fools every example of a small network, and each costs its own number of steps', async () => {
    const { data, passes } = await runBuiltin(
      'deepfool',
      classifier,
      problemUnder({ kind: 'minimum', norm }),
    );
    expect((await fooled(data)).every(Boolean)).toBe(true);
    // Four gradients per step, and the first one of the step that finds it fooled.
    passes.forEach(({ gradient }) => expect(gradient % 4).toBe(1));
    expect(new Set(passes.map(({ gradient }) => gradient)).size).toBeGreaterThan(1);
  });

  it('within a budget proposes what is near enough as it is, the rest moved into the ball', async () => {
    const free = await runBuiltin('deepfool', classifier, problemUnder({ kind: 'minimum', norm }));
    const epsilon = farFrom(free.data, norm).toSorted((a, b) => a - b)[8]!;
    const { data, passes } = await runBuiltin(
      'deepfool',
      classifier,
      problemUnder({ kind: 'lp', norm, epsilon }),
    );
    expect(passes).toEqual(free.passes);
    const [near, bound] = [farFrom(free.data, norm), farFrom(data, norm)];
    near.forEach((length, row) => {
      expect(bound[row]).toBeLessThanOrEqual(epsilon * (1 + 1e-6));
      if (length <= epsilon)
        expect(rowOf(withData(clean, data), row)).toEqual(rowOf(withData(clean, free.data), row));
    });
  });
});

describe('deepfool', () => {
  const l2 = { kind: 'minimum', norm: 'l2' } as const;

  it('takes a gradient for each candidate but the label', async () => {
    const few = { steps: 1, candidates: 3 };
    const { passes } = await runBuiltin('deepfool', classifier, problemUnder(l2), few);
    expect(passes.map(({ gradient }) => gradient)).toEqual(keys.map(() => 2));
    const one = await runBuiltin('deepfool', classifier, problemUnder(l2), { steps: 1, candidates: 2 });
    expect(one.passes.map(({ gradient }) => gradient)).toEqual(keys.map(() => 1));
  });

  it('goes by the true label: what is misclassified already stays as it is', async () => {
    const labels = clean.labels.map((label, row) => (row === 3 ? (label + 1) % 5 : label));
    const { data, passes } = await runBuiltin('deepfool', classifier, problemUnder(l2, { ...clean, labels }));
    expect(rowOf(withData(clean, data), 3)).toEqual(rowOf(clean, 3));
    expect(passes[3]).toEqual({ forward: 1, gradient: 1 });
  });

  it('gives an example up that has no gradient, and goes on with the others', async () => {
    const healthy = await runBuiltin('deepfool', classifier, problemUnder(l2));
    for (const value of [0, NaN]) {
      const flat = {
        ...classifier,
        vjp: async (...given: Parameters<typeof classifier.vjp>) => {
          const result = await classifier.vjp(...given);
          const row = given[0].keys.indexOf(5);
          if (row >= 0) rowOf(withData(given[0], result.gradient), row).fill(value);
          return result;
        },
      };
      const { data, passes } = await runBuiltin('deepfool', flat, problemUnder(l2));
      expect(passes[5]).toEqual({ forward: 1, gradient: 4 });
      expect(rowOf(withData(clean, data), 5)).toEqual(rowOf(clean, 5));
      for (const row of keys.filter((key) => key !== 5)) {
        expect(rowOf(withData(clean, data), row)).toEqual(rowOf(withData(clean, healthy.data), row));
      }
    }
  });

  it('with more overshoot needs no more steps and goes further', async () => {
    const run = async (overshoot: number) =>
      runBuiltin('deepfool', classifier, problemUnder(l2), { overshoot });
    const [little, much] = [await run(0.02), await run(0.3)];
    const total = ({ passes }: typeof little) => passes.reduce((sum, { gradient }) => sum + gradient, 0);
    expect(total(much)).toBeLessThanOrEqual(total(little));
    const sum = (data: Float32Array) => farFrom(data, 'l2').reduce((a, b) => a + b, 0);
    expect(sum(much.data)).toBeGreaterThan(sum(little.data));
  });
});
