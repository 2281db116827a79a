import { describe, expect, it } from '@jest/globals';
import dottedLine from '../../corruptions/dotted_line.js';
import line from '../../corruptions/line.js';
import zigzag from '../../corruptions/zigzag.js';
import type { CorruptionSetting } from '../../src/plugin/corruption.js';
import { keyedStream } from '../../src/random/keyed.js';
import { flat, levels, noisy } from './images.js';

const MNIST: CorruptionSetting = { profile: 'mnist', quirks: 'reference' };
const SHAPE = [1, 28, 28] as const;
const streams = Array.from({ length: 300 }, (_, key) => keyedStream(1, key, 'lines'));

/** Rows of the brightest pixel per column; -1 where the column is black. */
function ridge(image: Float32Array, width = 28): number[] {
  const values = levels(image);
  return Array.from({ length: width }, (_, column) => {
    const rows = values.filter((_level, i) => i % width === column);
    const brightest = Math.max(...rows);
    return brightest === 0 ? -1 : rows.indexOf(brightest);
  });
}

describe('line', () => {
  it('goes from its start to before its end', () => {
    const drawn = { from: { column: 4, row: 20 }, to: { column: 24, row: 0 } };
    const rows = ridge(line.apply(flat(0), drawn, {}, MNIST));
    rows.forEach((row, column) => expect(row).toBe(column >= 4 && column < 24 ? 24 - column : -1));
  });

  it('begins in columns 0 to 4 and ends in 22 to 26 of 28, in rows 0 to 26', () => {
    const drawn = streams.map((random) => line.sample(random, {}, SHAPE, MNIST));
    const columns = (end: 'from' | 'to') => [...new Set(drawn.map((ends) => ends[end].column))].sort();
    expect(columns('from')).toEqual([0, 1, 2, 3, 4]);
    expect(columns('to')).toEqual([22, 23, 24, 25, 26]);
    const rows = drawn.flatMap(({ from, to }) => [from.row, to.row]);
    expect([Math.min(...rows), Math.max(...rows), new Set(rows).size]).toEqual([0, 26, 27]);
  });

  it('crosses images of other sizes too', () => {
    for (const random of streams.slice(0, 50)) {
      const { from, to } = line.sample(random, {}, [3, 40, 224], MNIST);
      expect(from.column).toBeLessThan(40);
      expect(to.column).toBeGreaterThanOrEqual(183);
      expect(Math.max(from.row, to.row)).toBeLessThan(39);
    }
  });

  it('adds light and never takes any', () => {
    const image = noisy(SHAPE);
    const drawn = { from: { column: 0, row: 3 }, to: { column: 26, row: 25 } };
    line.apply(image, drawn, {}, MNIST).forEach((value, i) => {
      expect(value).toBeGreaterThanOrEqual(image.data[i]!);
    });
  });
});

describe('dotted line', () => {
  it('shows two of every four columns, beginning with the third', () => {
    const rows = ridge(dottedLine.apply(flat(0), { start: 5, end: 5 }, {}, MNIST));
    expect(rows.map((row) => (row === 5 ? '#' : row === -1 ? '.' : '?')).join('')).toBe(
      '..##..##..##..##..##..##..#.',
    );
  });

  it('begins and ends in rows 0 to 26', () => {
    const rows = streams.flatMap((random) => {
      const { start, end } = dottedLine.sample(random, {}, SHAPE, MNIST);
      return [start, end];
    });
    expect([Math.min(...rows), Math.max(...rows), new Set(rows).size]).toEqual([0, 26, 27]);
  });
});

describe('zigzag', () => {
  it('swings two pixels to either side of a level line, from column 2 to before column 25', () => {
    const rows = ridge(zigzag.apply(flat(0), { start: 10, descent: 0 }, {}, MNIST));
    // Corners at (4, 12), (8, 8), ..., (24, 8); in the column of a corner the pieces on either side meet.
    expect(rows).toEqual([
      ...[-1, -1, 10, 11, 12, 11, 10, 9, 8, 9, 10, 11, 12, 11, 10, 9, 8, 9, 10, 11, 12, 11, 10, 9, 8],
      ...[-1, -1, -1],
    ]);
  });

  it('rises or falls by its descent', () => {
    for (const descent of [-5, 4]) {
      const rows = ridge(zigzag.apply(flat(0), { start: 13, descent }, {}, MNIST));
      expect(rows[2]).toBe(13);
      // Half way along the line is where the zigzag crosses it: between its corners.
      const lit = rows.slice(2, 24);
      const mean = lit.reduce((sum, row) => sum + row, 0) / lit.length;
      expect(Math.abs(mean - 13 - descent / 2)).toBeLessThan(1);
    }
  });

  it('begins in rows 0 to 26 and ends up to 5 rows higher and 4 lower', () => {
    const drawn = streams.map((random) => zigzag.sample(random, {}, SHAPE, MNIST));
    const starts = drawn.map(({ start }) => start);
    const descents = drawn.map(({ descent }) => descent);
    expect([Math.min(...starts), Math.max(...starts)]).toEqual([0, 26]);
    expect([Math.min(...descents), Math.max(...descents), new Set(descents).size]).toEqual([-5, 4, 10]);
  });

  it('stays within two pixels of its line to the end, with fixed quirks, at every width', () => {
    for (let width = 6; width <= 70; width++) {
      const image = flat(0, [1, 40, width]);
      const out = zigzag.apply(image, { start: 20, descent: 1 }, {}, { ...MNIST, quirks: 'fixed' });
      const rows = ridge(out, width).slice(2, width - 3);
      expect(Math.min(...rows)).toBeGreaterThanOrEqual(17);
      expect(Math.max(...rows)).toBeLessThanOrEqual(24);
    }
  });
});
