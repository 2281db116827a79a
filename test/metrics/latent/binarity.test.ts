import { describe, expect, it } from '@jest/globals';
import { binarityOf } from '../../../src/metrics/latent/binarity.js';
import { normals, pointsOf } from './points.js';

const cube = (label: number, unit: number) => ((label >> unit) & 1) * 2 - 1;

describe('binarity', () => {
  it('of the vertices of a cube is the best there is', () => {
    const found = binarityOf(pointsOf(8, 10, 3, cube));
    expect(found.deviation).toEqual({ mean: 1e-3, std: 0 });
    expect(found.separation!.mean).toBeCloseTo(2000, 6);
    // Half of the weight on a density of deviation 1e-3 at its peak.
    expect(found.score!.mean).toBeCloseTo(Math.log(0.5 / (1e-3 * Math.sqrt(2 * Math.PI))), 9);
    expect(found.coordinates[0]).toMatchObject({ values: [-1, 1], threshold: 0, flags: ['at-floor'] });
    expect(found.flags).toEqual({ constant: 0, 'at-floor': 3, 'empty-component': 0, 'not-converged': 0 });
  });

  it('of noisy vertices separates the values by 2 / s whatever their unit and origin', () => {
    const normal = normals(2);
    const noisy = pointsOf(2, 4000, 1, (label) => 1000 + 50 * (label * 2 - 1 + 0.1 * normal()));
    const [only] = binarityOf(noisy).coordinates;
    expect(only!.separation! / 20).toBeCloseTo(1, 1);
    expect(only!.values[0]).toBeCloseTo(950, -1);
    expect(only!.threshold).toBeCloseTo(1000, -1);
  });

  it('of isotropic noise is that of no code', () => {
    const normal = normals(4);
    const { separation, deviation } = binarityOf(pointsOf(2, 2000, 4, () => normal()));
    expect(separation!.mean).toBeLessThan(2.7);
    expect(deviation!.mean).toBeGreaterThan(0.5);
  });

  it('leaves constant coordinates out of the means, and has no figures when all are', () => {
    const half = binarityOf(pointsOf(2, 5, 2, (label, unit) => (unit === 0 ? 3 : label)));
    expect(half.flags.constant).toBe(1);
    expect(half.coordinates[0]).toMatchObject({ scale: 0, values: [3, 3], score: null, flags: ['constant'] });
    expect(half.separation).toEqual(binarityOf(pointsOf(2, 5, 1, (label) => label)).separation);
    expect(binarityOf(pointsOf(2, 5, 2, () => 0))).toMatchObject({
      score: null,
      deviation: null,
      separation: null,
    });
  });

  it('gives a median that one unit which is hardly ever active does not decide', () => {
    const normal = normals(5);
    let calls = 0;
    const rarely = pointsOf(2, 500, 3, (_label, unit) => (unit === 0 ? Number(calls++ === 0) : normal()));
    const { separation, medianSeparation, flags } = binarityOf(rarely);
    expect(flags['at-floor']).toBe(1);
    expect(separation!.mean).toBeGreaterThan(1000);
    expect(medianSeparation!).toBeLessThan(3);
  });
});
