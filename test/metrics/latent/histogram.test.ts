import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { binarityOf } from '../../../src/metrics/latent/binarity.js';
import { latentHistograms } from '../../../src/metrics/latent/histogram.js';
import type { LatentPoints } from '../../../src/metrics/latent/points.js';

function pointsOf(columns: readonly (readonly number[])[]): LatentPoints {
  const n = columns[0]!.length;
  const z = Float32Array.from({ length: n * columns.length }, (_value, at) => {
    const column = columns[at % columns.length]!;
    return column[Math.floor(at / columns.length)]!;
  });
  const labels = new Int32Array(n);
  return { z, width: columns.length, labels, predictions: labels, numClasses: 1 };
}

const histogramsOf = (points: LatentPoints) => latentHistograms(points, binarityOf(points).coordinates);
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

describe('histograms of a latent space', () => {
  it('of a binary code have two bars each, and the pooled one has them at -1 and 1 whatever the values are', () => {
    const { coordinates, pooled } = histogramsOf(
      pointsOf([
        [5, 5, 9, 9],
        [-1, 3, 3, 3],
      ]),
    );
    expect(coordinates[0]).toMatchObject({ lower: 5, upper: 9 });
    expect(coordinates[0]!.counts.filter((count) => count > 0)).toEqual([2, 2]);
    expect([coordinates[1]!.counts.at(0), coordinates[1]!.counts.at(-1)]).toEqual([1, 3]);
    const filled = pooled!.counts.flatMap((count, bin) => (count > 0 ? [[bin, count]] : []));
    expect(filled).toEqual([
      [10, 3],
      [30, 5],
    ]);
    const width = (pooled!.upper - pooled!.lower) / pooled!.counts.length;
    expect(pooled!.lower + 10.5 * width).toBeCloseTo(-1, 12);
    expect(pooled!.lower + 30.5 * width).toBeCloseTo(1, 12);
  });

  it('count every value once', () => {
    const column = fc.array(fc.float({ min: -5, max: 5, noNaN: true }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(column, { minLength: 1, maxLength: 3 }), (columns) => {
        const { coordinates, pooled } = histogramsOf(pointsOf(columns));
        for (const { counts } of coordinates) expect(sum(counts)).toBe(6);
        const varying = columns.filter((one) => new Set(one.map(Math.fround)).size > 1).length;
        expect(pooled === null ? 0 : sum(pooled.counts)).toBe(6 * varying);
      }),
    );
  });

  it('of a constant coordinate have one bar, which the pooled one leaves out', () => {
    const { coordinates, pooled } = histogramsOf(pointsOf([[2, 2, 2, 2]]));
    expect(coordinates[0]).toMatchObject({ lower: 2, upper: 2 });
    expect(coordinates[0]!.counts[0]).toBe(4);
    expect(pooled).toBeNull();
  });
});
