import { describe, expect, it } from '@jest/globals';
import type { Classifier } from '../../src/classifier/classifier.js';
import type { Problem } from '../../src/plugin/problem.js';
import { regionOf } from '../../src/plugin/region.js';
import type { Norm } from '../../src/plugin/threat.js';
import { keyedStream } from '../../src/random/keyed.js';
import { distancesOf, linearWorld, type LinearWorld } from './linear-world.js';
import { runBuiltin } from './run.js';

const CASES = ['spsa', 'nes', 'simba'].flatMap((id) =>
  (['linf', 'l2'] as const).map((norm) => [id, norm] as const),
);
/** Smaller than the defaults, to be quick. */
const PARAMETERS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  spsa: { samples: 64 },
  nes: { steps: 30 },
  simba: { steps: 300 },
};

const within = ({ batch }: LinearWorld, norm: Norm, epsilon: number): Problem => ({
  batch,
  threat: { kind: 'lp', norm, epsilon },
  goal: { kind: 'untargeted' },
});

const fooledWithin = async (world: LinearWorld, data: Float32Array, norm: Norm, epsilon: number) =>
  (await distancesOf(world, data, norm)).map((length) => length <= epsilon * (1 + 1e-5));

const count = (flags: readonly boolean[]): number => flags.filter(Boolean).length;

/** A world, and a budget at which half of its examples can be fooled. */
async function halfway(numClasses: number, norm: Norm) {
  const world = await linearWorld({ numClasses, count: 20 });
  const optima = world.batch.keys.map((_key, row) => world.optimum(row, norm));
  return { world, optima, epsilon: optima.toSorted((a, b) => a - b)[10]! };
}

describe.each(CASES)('%s in %s', (id, norm) => {
  it.each([2, 10])('beats uniform noise and not the optimum, with %d classes', async (numClasses) => {
    const { world, optima, epsilon } = await halfway(numClasses, norm);
    const problem = within(world, norm, epsilon);
    const { data } = await runBuiltin(id, world.classifier, problem, PARAMETERS[id]);
    const region = regionOf(problem.threat, world.batch, [0, 1]);
    const noise = world.batch.data.slice();
    world.batch.keys.forEach((key, row) => {
      noise.set(region.start(row, keyedStream(1, key, 'noise')), (row * noise.length) / 20);
    });
    const [byAttack, byNoise] = [
      await fooledWithin(world, data, norm, epsilon),
      await fooledWithin(world, noise, norm, epsilon),
    ];
    expect(count(byAttack)).toBeGreaterThan(count(byNoise));
    expect(count(byAttack)).toBeGreaterThanOrEqual(6);
    byAttack.forEach((fooled, row) => {
      if (fooled) expect(optima[row]!).toBeLessThanOrEqual(epsilon * (1 + 1e-5));
    });
  });

  it('leaves an example once it is fooled, and goes on with the others', async () => {
    const { world, epsilon } = await halfway(3, norm);
    const forwards = async (budget: number) => {
      const problem = within(world, norm, budget);
      const { data, passes } = await runBuiltin(id, world.classifier, problem, PARAMETERS[id]);
      const fooled = await fooledWithin(world, data, norm, budget);
      return passes.map(({ forward }, row) => ({ forward, fooled: fooled[row]! }));
    };
    const least = Math.min(...(await forwards(epsilon / 1000)).map(({ forward }) => forward));
    const found = await forwards(2 * epsilon);
    const [left, stayed] = [found.filter(({ fooled }) => fooled), found.filter(({ fooled }) => !fooled)];
    expect(left.length).toBeGreaterThan(10);
    expect(Math.min(...left.map(({ forward }) => forward))).toBeLessThan(least / 2);
    // SimBA asks once about a direction that helps and twice about another, so its count varies a little.
    for (const { forward } of stayed) expect(forward).toBeGreaterThan(0.8 * least);
  });

  it('goes nowhere on scores that do not change, and does not fail', async () => {
    const { world, epsilon } = await halfway(2, norm);
    const { classifier, batch } = world;
    const flat: Classifier = {
      ...classifier,
      logits: (points) =>
        Promise.resolve(
          Float32Array.from({ length: 2 * points.keys.length }, (_, i) =>
            i % 2 === batch.labels[points.keys[Math.floor(i / 2)]!] ? 1 : 0,
          ),
        ),
    };
    const { data } = await runBuiltin(id, flat, within(world, norm, epsilon), PARAMETERS[id]);
    expect(data).toEqual(batch.data);
  });
});

describe('simba', () => {
  it('finds what moves along cosine waves can find', async () => {
    const { world, epsilon } = await halfway(2, 'l2');
    const parameters = { basis: 'dct', frequencies: 1, steps: 300 };
    const { data } = await runBuiltin('simba', world.classifier, within(world, 'l2', epsilon), parameters);
    expect(count(await fooledWithin(world, data, 'l2', epsilon))).toBeGreaterThanOrEqual(6);
  });

  it('asks once about a direction that helps at once, at most twice about any', async () => {
    const { world, epsilon } = await halfway(2, 'linf');
    const { passes } = await runBuiltin('simba', world.classifier, within(world, 'linf', epsilon / 100), {
      steps: 35,
      stepSize: 1,
    });
    // On a linear model, each of the 35 coordinates helps one way or the other, but for those at a bound.
    for (const { forward } of passes) {
      expect(forward).toBeGreaterThan(1);
      expect(forward).toBeLessThan(1 + 2 * 35);
    }
  });
});
