import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  accuracyGrid,
  meanCorruptionAccuracy,
  type GridOutcomes,
} from '../../../src/metrics/corruption/grid.js';
import {
  gridSubset,
  sampleHalfWidth,
  subsetError,
  subsetMeans,
} from '../../../src/metrics/corruption/subset.js';

const cells: GridOutcomes[] = [
  { corruption: 'noise', severity: 3, outcomes: 'rffw' },
  { corruption: 'noise', severity: 1, outcomes: 'rrrw' },
  { corruption: 'blur', severity: 1, outcomes: 'rriw' },
];
const grid = accuracyGrid(cells);

describe('an accuracy grid', () => {
  it('has the share of images that are right, by corruption and severity', () => {
    expect(grid).toEqual([
      {
        corruption: 'noise',
        cells: [
          { severity: 1, accuracy: 0.75 },
          { severity: 3, accuracy: 0.25 },
        ],
      },
      { corruption: 'blur', cells: [{ severity: 1, accuracy: 0.5 }] },
    ]);
  });

  it('has the mean over its cells as mean corruption accuracy', () => {
    expect(meanCorruptionAccuracy(grid)).toBe(0.5);
  });

  it('does not depend on the order of the images', () => {
    const outcomes = fc.string({ unit: fc.constantFrom('r', 'f', 'w', 'i'), minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(outcomes, (letters) => {
        const of = (text: string) => accuracyGrid([{ corruption: 'a', severity: 1, outcomes: text }]);
        expect(of(Array.from(letters).reverse().join(''))).toEqual(of(letters));
      }),
    );
  });

  it('can be of the first images only', () => {
    expect(accuracyGrid(cells, 2).map((row) => row.cells.map(({ accuracy }) => accuracy))).toEqual([
      [1, 0.5],
      [1],
    ]);
  });
});

describe('a part of a grid', () => {
  it('keeps the corruptions and severities that are named', () => {
    expect(gridSubset(grid, {})).toEqual(grid);
    expect(gridSubset(grid, { corruptions: ['blur'] }).map(({ corruption }) => corruption)).toEqual(['blur']);
    expect(gridSubset(grid, { severities: [3] })).toEqual([
      { corruption: 'noise', cells: [{ severity: 3, accuracy: 0.25 }] },
    ]);
  });

  it('that has nothing in it, or a corruption that is not there, is refused', () => {
    expect(() => gridSubset(grid, { severities: [5] })).toThrow(/severity of 5/);
    expect(() => gridSubset(grid, { corruptions: ['fog', 'blur'] })).toThrow(/no fog; it has noise, blur/);
  });

  it('errs by the difference of the means, and in the order of models', () => {
    expect(subsetMeans(grid, gridSubset(grid, { severities: [1] }))).toEqual({ full: 0.5, part: 0.625 });
    const error = subsetError([
      { full: 0.5, part: 0.6 },
      { full: 0.4, part: 0.7 },
      { full: 0.3, part: 0.1 },
      { full: 0.3, part: 0.2 },
    ]);
    expect(error.bias).toBeCloseTo((0.1 + 0.3 - 0.2 - 0.1) / 4, 12);
    expect(error.meanAbsolute).toBeCloseTo(0.7 / 4, 12);
    expect(error.largest).toBeCloseTo(0.3, 12);
    expect([error.swapped, error.pairs]).toEqual([1, 5]);
  });

  it('of the images errs by chance, the less the more of them there are', () => {
    expect(sampleHalfWidth(0.01, 1000, 1000)).toBe(0);
    expect(sampleHalfWidth(0.01, 1000, 500)).toBeCloseTo(0.01, 12);
    expect(sampleHalfWidth(0.01, 10000, 100)).toBeCloseTo(0.01 * Math.sqrt(99), 12);
  });
});
