import { describe, expect, it } from '@jest/globals';
import type { Norm } from '../../src/plugin/threat.js';
import type { Problem } from '../../src/plugin/problem.js';
import { distancesOf, linearWorld } from './linear-world.js';
import { runBuiltin } from './run.js';

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

const problemOf = (batch: Problem['batch'], norm: Norm, epsilon: number): Problem => ({
  batch,
  threat: { kind: 'lp', norm, epsilon },
  goal: { kind: 'untargeted' },
});

describe('bim', () => {
  it('is pgd from the clean example, pass for pass', async () => {
    const { classifier, batch } = await linearWorld({ numClasses: 5, count: 12 });
    const problem = problemOf(batch, 'linf', 0.1);
    const given = { steps: 7, stepSize: 0.3 };
    expect(await runBuiltin('bim', classifier, problem, given)).toEqual(
      await runBuiltin('pgd', classifier, problem, { ...given, randomStart: false }),
    );
  });
});

/** Attacks that find in Linf, on two linear classes, exactly what the box allows. */
describe.each(['fgsm', 'bim', 'pgd', 'mifgsm'])('%s on a linear classifier of two classes', (id) => {
  it.each([
    [1, [1, 7, 5]],
    [64, [1, 7, 5]],
    [40, [3, 2, 3]],
  ])('fools of %d examples of shape %j in Linf those that can be fooled', async (count, shape) => {
    const world = await linearWorld({ numClasses: 2, count, shape });
    const optima = world.batch.keys.map((_key, row) => world.optimum(row, 'linf'));
    const epsilon = median(optima) * 1.001;
    const { data } = await runBuiltin(id, world.classifier, problemOf(world.batch, 'linf', epsilon));
    const distances = await distancesOf(world, data, 'linf');
    // Float32 decides what lies within a millionth of the boundary.
    optima.forEach((optimum, row) => {
      if (optimum < epsilon * (1 - 1e-4)) expect(distances[row]).toBeLessThanOrEqual(epsilon * (1 + 1e-6));
      else if (optimum > epsilon * (1 + 1e-4)) expect(distances[row]).toBe(Infinity);
    });
  });
});

describe('pgd on linear classifiers', () => {
  it.each<[Norm, number]>([
    ['l2', 2],
    ['l1', 2],
  ])(
    'in %s fools what can be fooled at 97 % of the budget, and nothing that cannot',
    async (norm, classes) => {
      const world = await linearWorld({ numClasses: classes, count: 40 });
      const optima = world.batch.keys.map((_key, row) => world.optimum(row, norm));
      const epsilon = median(optima) * 1.001;
      const { data } = await runBuiltin('pgd', world.classifier, problemOf(world.batch, norm, epsilon));
      const distances = await distancesOf(world, data, norm);
      optima.forEach((optimum, row) => {
        if (optimum < 0.97 * epsilon) expect(distances[row]).toBeLessThanOrEqual(epsilon * (1 + 1e-5));
        if (Number.isFinite(distances[row]))
          expect(distances[row]).toBeGreaterThanOrEqual(optimum * (1 - 1e-5));
      });
    },
  );
});
