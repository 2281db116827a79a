import { describe, expect, it } from '@jest/globals';
import type { Classifier } from '../../src/classifier/classifier.js';
import { examplesFor, INPUT } from '../../src/plugin/contract/situation.js';
import type { Problem } from '../../src/plugin/problem.js';
import { randomNetwork } from '../../src/plugin/testing.js';
import type { Threat } from '../../src/plugin/threat.js';
import { rowOf, withData } from '../../src/tensor/batch.js';
import { distance } from '../../src/tensor/norms.js';
import { distancesOf } from './linear-world.js';
import { findOn, smallWorld } from './minimum-norm.js';
import { runBuiltin } from './run.js';

const NORMS = ['linf', 'l2', 'l1'] as const;

describe.each(['fab', 'fab-targeted'])('%s on linear classifiers', (id) => {
  describe.each(NORMS)('in %s', (norm) => {
    it('fools within a budget what can be fooled, and leaves at the first success', async () => {
      const world = await smallWorld(3);
      const epsilon = 1.1 * world.optimum(5, norm);
      const problem = untargeted(world.batch, { kind: 'lp', norm, epsilon });
      const { data, passes } = await runBuiltin(id, world.classifier, problem);
      const distances = await distancesOf(world, data, norm);
      distances.forEach((found, row) => {
        const optimum = world.optimum(row, norm);
        // Within 0.2 % of the budget both outcomes are right.
        if (Math.abs(optimum / epsilon - 1) > 2e-3) expect(found < Infinity).toBe(optimum < epsilon);
        if (found === Infinity) expect(passes[row]!.gradient).toBe(200);
        const moved = distance(norm, rowOf(withData(world.batch, data), row), rowOf(world.batch, row));
        expect(moved).toBeLessThanOrEqual(epsilon * (1 + 1e-6));
      });
      expect(distances.filter((found) => found < Infinity).length).toBeGreaterThan(2);
      expect(Math.min(...passes.map(({ gradient }) => gradient))).toBeLessThan(20);
    });
  });

  it('finds the smallest Linf distance between two classes to 1 in 1000, thanks to the final search', async () => {
    const world = await smallWorld(2);
    expect(world.clippedShare).toBeGreaterThan(0.3);
    expect((await findOn(world, id, 'linf')).excess.at(-1)).toBeLessThan(1.001 + 1e-6);
    const without = await findOn(world, id, 'linf', { searchSteps: 0 });
    expect(without.excess.at(-1)).toBeLessThan(1.05);
    expect(without.excess.at(-1)).toBeGreaterThan(1.002);
  });
});

const classifier = randomNetwork(3, INPUT, 16, 5);
const keys = Array.from({ length: 12 }, (_, i) => i);
const clean = await examplesFor(classifier, keys);
const minimum = (norm: (typeof NORMS)[number]): Threat => ({ kind: 'minimum', norm });

function untargeted(batch: Problem['batch'], threat: Threat): Problem {
  return { batch, threat, goal: { kind: 'untargeted' } };
}

async function distancesFrom(data: Float32Array, norm: (typeof NORMS)[number]): Promise<number[]> {
  const predicted = await classifier.predict(withData(clean, data));
  return keys.map((_key, row) =>
    predicted[row] === clean.labels[row]
      ? Infinity
      : distance(norm, rowOf(withData(clean, data), row), rowOf(clean, row)),
  );
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('fab', () => {
  it('takes a gradient for each class it compares: all wrong ones, or only the best', async () => {
    const passes = async (given: object) =>
      (await runBuiltin('fab', classifier, untargeted(clean, minimum('l2')), { steps: 7, ...given })).passes;
    (await passes({})).forEach(({ gradient }) => expect(gradient).toBe(28));
    (await passes({ classes: 2 })).forEach(({ gradient }) => expect(gradient).toBe(14));
  });

  it('with targets is fab-targeted', async () => {
    const problem = untargeted(clean, minimum('l1'));
    expect(await runBuiltin('fab', classifier, problem, { targets: 3, steps: 12 })).toEqual(
      await runBuiltin('fab-targeted', classifier, problem, { targets: 3, steps: 12 }),
    );
  });
});

describe('fab-targeted', () => {
  it.each(NORMS)('comes closer in %s with more steps', async (norm) => {
    const run = async (steps: number) => {
      const problem = untargeted(clean, minimum(norm));
      return distancesFrom((await runBuiltin('fab-targeted', classifier, problem, { steps })).data, norm);
    };
    const [few, many] = [await run(3), await run(60)];
    expect(many.every(Number.isFinite)).toBe(true);
    expect(sum(many)).toBeLessThan(sum(few));
  });

  it('spends a gradient pass per step and target, and no forward pass on a step', async () => {
    const parameters = { steps: 9, restarts: 2 };
    const problem = untargeted(clean, minimum('linf'));
    const { passes } = await runBuiltin('fab-targeted', classifier, problem, parameters);
    // Forward: two on the clean example, one at the end of each run, four to search at most.
    passes.forEach(({ forward, gradient }) => {
      expect(gradient).toBe(9 * 8);
      expect(forward).toBeGreaterThanOrEqual(2 + 8);
      expect(forward).toBeLessThanOrEqual(2 + 8 + 4);
    });
  });

  it('judges each step by a forward pass with `compat: autoattack`', async () => {
    const problem = untargeted(clean, minimum('l2'));
    const parameters = { steps: 20, compat: 'autoattack', searchSteps: 0 };
    const { data, passes } = await runBuiltin('fab-targeted', classifier, problem, parameters);
    expect(passes).toEqual(keys.map(() => ({ forward: 2 + 80, gradient: 80 })));
    expect((await distancesFrom(data, 'l2')).every(Number.isFinite)).toBe(true);
  });

  it('aims at `targets` classes, at most at all wrong ones', async () => {
    const passes = async (targets: number) =>
      (await runBuiltin('fab-targeted', classifier, untargeted(clean, minimum('l2')), { steps: 3, targets }))
        .passes;
    expect((await passes(2))[0]!.gradient).toBe(6);
    expect((await passes(99))[0]!.gradient).toBe(12);
  });

  it('reaches the given class with a targeted goal, along one gradient per step', async () => {
    const targets = clean.labels.map((label) => (label + 2) % 5);
    for (const norm of NORMS) {
      const problem: Problem = { batch: clean, threat: minimum(norm), goal: { kind: 'targeted', targets } };
      const { data, passes } = await runBuiltin('fab-targeted', classifier, problem);
      expect(await classifier.predict(withData(clean, data))).toEqual(targets);
      expect(Math.max(...passes.map(({ gradient }) => gradient))).toBe(100);
    }
  });

  it('begins at the clean example, later restarts at random half as far away as what was found', async () => {
    const starts = async (seed: number): Promise<Float32Array[]> => {
      const seen: Float32Array[] = [];
      const watching: Classifier = {
        ...classifier,
        lossGradient: (batch, request) => {
          seen.push(batch.data.slice());
          return classifier.lossGradient(batch, request);
        },
      };
      const parameters = { steps: 6, restarts: 3, targets: 1 };
      await runBuiltin('fab-targeted', watching, untargeted(clean, minimum('l2')), parameters, seed);
      return [0, 6, 12].map((pass) => seen[pass]!);
    };
    const [first, second, third] = await starts(0);
    expect(first).toEqual(clean.data);
    expect(third).not.toEqual(second);
    expect((await starts(0))[2]).toEqual(third);
    expect((await starts(1))[1]).not.toEqual(second);
    const once = { steps: 6, targets: 1, searchSteps: 0 };
    const { data } = await runBuiltin('fab-targeted', classifier, untargeted(clean, minimum('l2')), once);
    (await distancesFrom(data, 'l2')).forEach((length, row) => {
      const away = distance('l2', rowOf(withData(clean, second!), row), rowOf(clean, row));
      // Clipping to the input bounds shortens it.
      expect(away).toBeLessThanOrEqual((length / 2) * (1 + 1e-5));
      expect(away).toBeGreaterThan(length / 4);
    });
  });

  it('does nothing to an example that is misclassified already', async () => {
    const labels = clean.labels.map((label, row) => (row === 4 ? (label + 1) % 5 : label));
    const problem = untargeted({ ...clean, labels }, minimum('l2'));
    const { data, passes } = await runBuiltin('fab-targeted', classifier, problem, { steps: 5 });
    expect(rowOf(withData(clean, data), 4)).toEqual(rowOf(clean, 4));
    expect(passes[4]!.gradient).toBe(0);
    expect(passes[5]!.gradient).toBe(20);
  });

  it('stops for an example without a finite gradient, and goes on with the others', async () => {
    const problem = untargeted(clean, minimum('l2'));
    const healthy = await runBuiltin('fab-targeted', classifier, problem, { steps: 10 });
    for (const value of [0, NaN, Infinity]) {
      const { data, passes } = await runBuiltin('fab-targeted', spoiled(5, value), problem, { steps: 10 });
      expect(passes[5]!.gradient).toBe(4);
      expect(rowOf(withData(clean, data), 5)).toEqual(rowOf(clean, 5));
      for (const row of keys.filter((key) => key !== 5)) {
        expect(rowOf(withData(clean, data), row)).toEqual(rowOf(withData(clean, healthy.data), row));
      }
    }
  });

  it('takes the first point of a box that fools, and stays in the box', async () => {
    const lower = clean.data.map((value, i) => Math.max(value - 0.04 * (i % 4), 0));
    const upper = clean.data.map((value, i) => Math.min(value + 0.1 * (i % 3), 1));
    const problem = untargeted(clean, { kind: 'box', lower, upper });
    const { data, passes } = await runBuiltin('fab-targeted', classifier, problem);
    expect(data.every((value, i) => value >= lower[i]! && value <= upper[i]!)).toBe(true);
    const fooled = (await distancesFrom(data, 'linf')).map(Number.isFinite);
    expect(fooled.filter(Boolean).length).toBeGreaterThan(3);
    fooled.forEach((found, row) => {
      if (found) expect(passes[row]!.gradient).toBeLessThan(400);
      else expect(passes[row]!.gradient).toBe(400);
    });
  });
});

/** The network, with another gradient for one example. */
function spoiled(key: number, value: number): Classifier {
  return {
    ...classifier,
    lossGradient: async (batch, request) => {
      const result = await classifier.lossGradient(batch, request);
      const row = batch.keys.indexOf(key);
      if (row >= 0) rowOf(withData(batch, result.gradient), row).fill(value);
      return result;
    },
  };
}
