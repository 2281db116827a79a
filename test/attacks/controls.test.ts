import { describe, expect, it } from '@jest/globals';
import type { Norm, Threat } from '../../src/plugin/threat.js';
import type { Problem } from '../../src/plugin/problem.js';
import { rowOf, withData } from '../../src/tensor/batch.js';
import { distance } from '../../src/tensor/norms.js';
import { distancesOf, linearWorld } from './linear-world.js';
import { runBuiltin } from './run.js';

const world = await linearWorld({ numClasses: 3, count: 16 });
const { batch, classifier } = world;
const untargeted = (threat: Threat): Problem => ({ batch, threat, goal: { kind: 'untargeted' } });
const lp = (norm: Norm, epsilon: number): Threat => ({ kind: 'lp', norm, epsilon });
const largest = (norm: Norm): number => Math.max(...batch.keys.map((row) => world.optimum(row, norm)));
const rowDistance = (data: Float32Array, row: number, norm: Norm): number =>
  distance(norm, rowOf(withData(batch, data), row), rowOf(batch, row));

async function neverBeatsOptimum(id: string, threat: Threat, norm: Norm): Promise<number[]> {
  const { data } = await runBuiltin(id, classifier, untargeted(threat));
  const distances = await distancesOf(world, data, norm);
  distances.forEach((reached, row) =>
    expect(reached).toBeGreaterThanOrEqual(world.optimum(row, norm) * (1 - 1e-5)),
  );
  return distances;
}

describe.each(['uniform-noise', 'gaussian-noise'])('%s', (id) => {
  it.each<Norm>(['l2', 'l1'])('in %s spends the whole budget, clipped or not', async (norm) => {
    const epsilon = 0.5 * largest(norm);
    const { data } = await runBuiltin(id, classifier, untargeted(lp(norm, epsilon)), { draws: 3 });
    batch.keys.forEach((row) => expect(rowDistance(data, row, norm) / epsilon).toBeCloseTo(1, 5));
    expect(data.some((value) => value === 0 || value === 1)).toBe(true);
  });

  it('draws no more for an example that is fooled', async () => {
    const { data, passes } = await runBuiltin(id, classifier, untargeted(lp('linf', 0.9)), { draws: 40 });
    const distances = await distancesOf(world, data, 'linf');
    expect(distances.some(Number.isFinite)).toBe(true);
    distances.forEach((reached, row) => {
      if (reached === Infinity) expect(passes[row]).toEqual({ forward: 40, gradient: 0 });
    });
    expect(Math.min(...passes.map(({ forward }) => forward))).toBeLessThan(40);
  });

  it('with more draws loses nothing', async () => {
    const fooledBy = async (draws: number) =>
      distancesOf(
        world,
        (await runBuiltin(id, classifier, untargeted(lp('linf', 0.6)), { draws })).data,
        'linf',
      );
    const [few, many] = [await fooledBy(2), await fooledBy(30)];
    few.forEach((reached, row) => expect(many[row]! < Infinity || reached === Infinity).toBe(true));
  });
});

describe('uniform-noise', () => {
  it('in L0 changes at most as many values as it may', async () => {
    const { data } = await runBuiltin('uniform-noise', classifier, untargeted(lp('l0', 4)), { draws: 5 });
    batch.keys.forEach((row) => expect(rowDistance(data, row, 'l0')).toBeLessThanOrEqual(4));
  });
});

describe('salt-and-pepper', () => {
  it.each<Norm>(['l0', 'l1', 'l2'])(
    'fools every example in time, and never beats the optimum in %s',
    async (norm) => {
      const distances = await neverBeatsOptimum('salt-and-pepper', { kind: 'minimum', norm }, norm);
      expect(distances.every(Number.isFinite)).toBe(true);
    },
  );

  it('sets values to black and white alone', async () => {
    const { data } = await runBuiltin(
      'salt-and-pepper',
      classifier,
      untargeted({ kind: 'minimum', norm: 'l0' }),
      {
        steps: 100,
      },
    );
    data.forEach((value, i) => expect(value === batch.data[i] || value === 0 || value === 1).toBe(true));
  });

  it('goes on after the first success, to fewer values', async () => {
    const [first, last] = [
      await runBuiltin('salt-and-pepper', classifier, untargeted(lp('l0', 35))),
      await runBuiltin('salt-and-pepper', classifier, untargeted({ kind: 'minimum', norm: 'l0' })),
    ];
    expect(last.passes).toEqual(batch.keys.map(() => ({ forward: 1000, gradient: 0 })));
    const [before, after] = [
      await distancesOf(world, first.data, 'l0'),
      await distancesOf(world, last.data, 'l0'),
    ];
    before.forEach((reached, row) => expect(after[row]).toBeLessThanOrEqual(reached));
    expect(after.filter((reached, row) => reached < before[row]!).length).toBeGreaterThan(4);
  });

  it('under a budget stops within it, and proposes nothing beyond it', async () => {
    const { data, passes } = await runBuiltin('salt-and-pepper', classifier, untargeted(lp('l0', 5)));
    const distances = await distancesOf(world, data, 'l0');
    expect(distances.some(Number.isFinite)).toBe(true);
    distances.forEach((reached, row) => {
      expect(rowDistance(data, row, 'l0')).toBeLessThanOrEqual(5);
      if (Number.isFinite(reached)) expect(passes[row]!.forward).toBeLessThan(1000);
    });
  });
});

describe('contrast-reduction', () => {
  it.each<Norm>(['linf', 'l2', 'l1'])('never beats the optimum in %s', async (norm) => {
    await neverBeatsOptimum('contrast-reduction', { kind: 'minimum', norm }, norm);
  });

  it('finds the weakest blend with grey that fools, as the closed form has it', async () => {
    const { data } = await runBuiltin(
      'contrast-reduction',
      classifier,
      untargeted({ kind: 'minimum', norm: 'linf' }),
      {
        steps: 50,
        bisections: 20,
      },
    );
    // The logits of a linear classifier are linear in the blend.
    const logits = await classifier.logits(batch);
    const grey = await classifier.logits(
      withData(
        batch,
        batch.data.map(() => 0.5),
      ),
    );
    const distances = await distancesOf(world, data, 'linf');
    let foolable = 0;
    batch.keys.forEach((row) => {
      const label = batch.labels[row]!;
      const blends = [0, 1, 2]
        .filter((k) => k !== label)
        .map((k) => {
          const before = logits[row * 3 + label]! - logits[row * 3 + k]!;
          const after = grey[row * 3 + label]! - grey[row * 3 + k]!;
          return after < 0 ? before / (before - after) : Infinity;
        });
      const weakest = Math.min(...blends);
      if (weakest === Infinity) expect(distances[row]).toBe(Infinity);
      else {
        foolable++;
        const way = distance('linf', new Float32Array(35).fill(0.5), rowOf(batch, row));
        expect(distances[row]! / way).toBeCloseTo(weakest, 4);
      }
    });
    expect(foolable).toBeGreaterThan(0);
  });

  it('under a budget proposes a blend that just fits', async () => {
    const { data, passes } = await runBuiltin('contrast-reduction', classifier, untargeted(lp('l2', 0.3)), {
      steps: 4,
    });
    const distances = await distancesOf(world, data, 'l2');
    distances.forEach((reached, row) => {
      if (reached === Infinity) {
        expect(rowDistance(data, row, 'l2')).toBeCloseTo(0.3, 5);
        expect(passes[row]).toEqual({ forward: 4, gradient: 0 });
      }
    });
  });
});
