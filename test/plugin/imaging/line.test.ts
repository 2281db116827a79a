import { describe, expect, it } from '@jest/globals';
import { addToChannels, stroke } from '../../../src/plugin/imaging/line.js';

const SHAPE = [1, 9, 10] as const;
const columnOf = (plane: Float64Array, column: number): number[] =>
  Array.from({ length: 9 }, (_, row) => plane[10 * row + column]!);
const litColumns = (plane: Float64Array): number[] =>
  Array.from({ length: 10 }, (_, column) => column).filter((column) =>
    columnOf(plane, column).some((value) => value > 0),
  );

describe('a stroke', () => {
  it('is 1 on the line and 1 + ln(1 - d / 2.3) at d pixels along the column, but not below 0', () => {
    const near = 1 + Math.log(1 - 1 / 2.3);
    expect(columnOf(stroke(SHAPE, { column: 0, row: 4 }, { column: 9, row: 4 }), 3)).toEqual([
      ...[0, 0, 0, near, 1, near, 0, 0, 0],
    ]);
    const between = columnOf(stroke(SHAPE, { column: 0, row: 4.5 }, { column: 9, row: 4.5 }), 3);
    const half = 1 + Math.log(1 - 0.5 / 2.3);
    expect(between.map((value) => value.toFixed(12))).toEqual(
      [0, 0, 0, 1 + Math.log(1 - 1.5 / 2.3), half, half, 1 + Math.log(1 - 1.5 / 2.3), 0, 0].map((value) =>
        Math.max(value, 0).toFixed(12),
      ),
    );
  });

  it('follows the line, however steep', () => {
    const plane = stroke(SHAPE, { column: 1, row: 0 }, { column: 5, row: 8 });
    for (let column = 1; column < 5; column++) expect(plane[10 * 2 * (column - 1) + column]).toBe(1);
  });

  it('fills the columns from the one its start lies in up to, not including, its end rounded up', () => {
    expect(litColumns(stroke(SHAPE, { column: 2, row: 3 }, { column: 6, row: 5 }))).toEqual([2, 3, 4, 5]);
    expect(litColumns(stroke(SHAPE, { column: 2.7, row: 3 }, { column: 5.1, row: 5 }))).toEqual([2, 3, 4, 5]);
  });

  it('is cut at the edges of the image', () => {
    expect(litColumns(stroke(SHAPE, { column: -3, row: 4 }, { column: 40, row: 4 }))).toHaveLength(10);
    expect(litColumns(stroke(SHAPE, { column: 0, row: -50 }, { column: 9, row: -40 }))).toEqual([]);
  });

  it('is empty between points of one column, or from right to left', () => {
    expect(litColumns(stroke(SHAPE, { column: 4, row: 0 }, { column: 4, row: 8 }))).toEqual([]);
    expect(litColumns(stroke(SHAPE, { column: 6, row: 0 }, { column: 2, row: 8 }))).toEqual([]);
  });
});

describe('adding a plane to channels', () => {
  it('adds it to each, up to white', () => {
    const values = Float64Array.of(0, 0.5, 0.25, 1);
    addToChannels(values, Float64Array.of(0.25, 0.75));
    expect(Array.from(values)).toEqual([0.25, 1, 0.5, 1]);
  });
});
