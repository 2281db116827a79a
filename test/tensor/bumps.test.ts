import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { twinBump } from '../../src/tensor/bumps.js';
import { readWindow, shiftWindow } from '../../src/tensor/windows.js';

const side = fc.integer({ min: 1, max: 12 });
const square = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);

describe('a twin bump', () => {
  it('has norm 1 and two halves of equal norm and opposite sign, as far as both exist', () => {
    fc.assert(
      fc.property(side, side, (height, width) => {
        const bump = twinBump(height, width, 'rows');
        expect(square(bump)).toBeCloseTo(1, 12);
        const half = Math.floor(height / 2) * width;
        expect(bump.subarray(0, half).every((value) => value > 0)).toBe(true);
        expect(bump.subarray(half).every((value) => value < 0)).toBe(true);
        if (height > 1) expect(square(bump.subarray(0, half))).toBeCloseTo(0.5, 12);
      }),
    );
  });

  it('divided along columns is the transpose', () => {
    const [rows, columns] = [twinBump(5, 3, 'rows'), twinBump(3, 5, 'columns')];
    for (let y = 0; y < 5; y++) for (let x = 0; x < 3; x++) expect(columns[x * 5 + y]).toBe(rows[y * 3 + x]);
  });

  it('of size 5 has the weights of the original code', () => {
    const upper = [1, 2, 3, 4, 5].map((i) => twinBump(5, 5, 'rows')[5 + i - 1]!);
    // Rings of 1, 1/4 and 1/9 around column 3 of the second row.
    const expected = [1 / 9, 1 / 4 + 1 / 9, 1 + 1 / 4 + 1 / 9, 1 / 4 + 1 / 9, 1 / 9];
    upper.forEach((value, i) => expect(value / upper[0]!).toBeCloseTo(expected[i]! / expected[0]!, 12));
  });
});

describe('shifting a window', () => {
  const plane = { offset: 2, row: 9, column: 1 };
  const window = fc.record({
    top: fc.integer({ min: 0, max: 4 }),
    left: fc.integer({ min: 0, max: 4 }),
    height: fc.constant(3),
    width: fc.constant(4),
  });

  it('keeps the norm of what both windows held, plus the spare one', () => {
    fc.assert(
      fc.property(window, window, fc.double({ min: 0, max: 4, noNaN: true }), (to, from, spare) => {
        const values = Float64Array.from({ length: 80 }, (_, i) => Math.sin(7 * i + 1));
        const before = values.slice();
        shiftWindow(values, plane, { to, from, bump: twinBump(3, 4, 'rows'), sign: -1, spare });
        expect(square(values)).toBeCloseTo(square(before) + spare, 9);
        const inside = (i: number, { top, left }: { top: number; left: number }): boolean => {
          const [y, x] = [Math.floor((i - 2) / 9), (i - 2) % 9];
          return i >= 2 && y >= top && y < top + 3 && x >= left && x < left + 4;
        };
        values.forEach((value, i) => {
          if (inside(i, to)) return;
          expect(value).toBe(inside(i, from) ? 0 : before[i]);
        });
        expect(square(readWindow(values, plane, to))).toBeGreaterThan(0);
      }),
    );
  });
});
