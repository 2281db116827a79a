import { describe, expect, it } from '@jest/globals';
import type { Classifier } from '../../src/classifier/classifier.js';
import { examplesFor, INPUT } from '../../src/plugin/contract/situation.js';
import { progressOf, type Problem } from '../../src/plugin/problem.js';
import { randomNetwork } from '../../src/plugin/testing.js';
import { NORMS, type Threat } from '../../src/plugin/threat.js';
import { rowOf, sliceRow, withData } from '../../src/tensor/batch.js';
import { distance } from '../../src/tensor/norms.js';
import { distancesOf, linearWorld } from './linear-world.js';
import { findOn, smallWorld } from './minimum-norm.js';
import { runBuiltin } from './run.js';

describe.each(['linf', 'l2', 'l1'] as const)('fmn on linear classifiers in %s', (norm) => {
  it('with ten classes finds the nearest for most', async () => {
    const world = await linearWorld({ numClasses: 10, count: 4 });
    const { excess } = await findOn(world, 'fmn', norm);
    expect(excess[1]).toBeLessThan(1.01);
  });
});

describe('fmn', () => {
  const classifier = randomNetwork(3, INPUT, 16, 5);
  const keys = Array.from({ length: 12 }, (_, i) => i);
  const problemUnder = async (threat: Threat): Promise<Problem> => ({
    batch: await examplesFor(classifier, keys),
    threat,
    goal: { kind: 'untargeted' },
  });

  it('in L0 changes the fewest pixels on a linear classifier, or one more', async () => {
    const { distances, optima } = await findOn(await smallWorld(3), 'fmn', 'l0');
    distances.forEach((found, row) => expect(found - Math.round(optima[row]!)).toBeLessThanOrEqual(1));
    expect(distances.filter((found, row) => found === Math.round(optima[row]!)).length).toBeGreaterThan(20);
  });

  it.each(NORMS)(
    'under lp %s stops at the first success within epsilon, which is in the ball',
    async (norm) => {
      const world = await smallWorld(3);
      const threat: Threat = { kind: 'lp', norm, epsilon: norm === 'l0' ? 2 : 1.2 * world.optimum(5, norm) };
      const { batch } = world;
      const problem: Problem = { batch, threat, goal: { kind: 'untargeted' } };
      const { data, passes } = await runBuiltin('fmn', world.classifier, problem);
      const distances = await distancesOf(world, data, norm);
      batch.keys.forEach((_key, row) => {
        const moved = distance(norm, rowOf(withData(batch, data), row), rowOf(batch, row));
        expect(moved).toBeLessThanOrEqual(threat.epsilon * (1 + 1e-6));
        const fooled = distances[row]! < Infinity;
        expect(passes[row]!.gradient === 100).toBe(!fooled);
        if (norm !== 'l0') expect(fooled).toBe(world.optimum(row, norm) <= threat.epsilon);
      });
      expect(distances.filter((found) => found < Infinity).length).toBeGreaterThan(2);
    },
  );

  it('in a box stops at the first success', async () => {
    const world = await smallWorld(2);
    const { batch } = world;
    const edge = (sign: number) =>
      batch.data.map((value, i) => Math.min(Math.max(value + sign * 0.02 * (1 + (i % 5)), 0), 1));
    const threat: Threat = { kind: 'box', lower: edge(-1), upper: edge(1) };
    const { data, passes } = await runBuiltin('fmn', world.classifier, {
      batch,
      threat,
      goal: { kind: 'untargeted' },
    });
    data.forEach((value, i) => {
      expect(value).toBeGreaterThanOrEqual(threat.lower[i]!);
      expect(value).toBeLessThanOrEqual(threat.upper[i]!);
    });
    const fooled = (await distancesOf(world, data, 'linf')).map((found) => found < Infinity);
    expect(fooled.filter(Boolean).length).toBeGreaterThan(2);
    fooled.forEach((flag, row) => expect(passes[row]!.gradient < 100).toBe(flag));
  });

  it('asks for one gradient per step and nothing else', async () => {
    const { passes } = await runBuiltin(
      'fmn',
      classifier,
      await problemUnder({ kind: 'minimum', norm: 'l2' }),
      {
        steps: 30,
        restarts: 2,
      },
    );
    expect(passes).toEqual(keys.map(() => ({ forward: 0, gradient: 60 })));
  });

  it.each(NORMS)('finds in %s nothing further away with restarts', async (norm) => {
    const problem = await problemUnder({ kind: 'minimum', norm });
    const lengths = async (restarts: number) => {
      const { data } = await runBuiltin('fmn', classifier, problem, { steps: 40, restarts });
      return keys.map((_key, row) =>
        distance(norm, rowOf(withData(problem.batch, data), row), rowOf(problem.batch, row)),
      );
    };
    const [once, thrice] = [await lengths(1), await lengths(3)];
    thrice.forEach((length, row) => expect(length).toBeLessThanOrEqual(once[row]!));
    if (norm !== 'l0') expect(thrice).not.toEqual(once);
  });

  it('reaches every target', async () => {
    const problem = await problemUnder({ kind: 'minimum', norm: 'linf' });
    const targets = problem.batch.labels.map((label) => (label + 1) % 5);
    const { data } = await runBuiltin('fmn', classifier, { ...problem, goal: { kind: 'targeted', targets } });
    expect(await classifier.predict(withData(problem.batch, data))).toEqual(targets);
  });

  it('leaves flat ground in a random direction, the same for every batch', async () => {
    const flat: Classifier = {
      ...classifier,
      lossGradient: async (...given) => {
        const result = await classifier.lossGradient(...given);
        return { ...result, gradient: result.gradient.fill(0) };
      },
    };
    const problem = await problemUnder({ kind: 'minimum', norm: 'l2' });
    const { data } = await runBuiltin('fmn', flat, problem);
    const logits = await classifier.logits(withData(problem.batch, data));
    const reached = keys.filter(
      (_key, row) =>
        progressOf(sliceRow(logits, row, 5), problem.batch.labels[row]!, problem.goal, row).reached,
    );
    expect(reached.length).toBeGreaterThan(0);
  });
});
