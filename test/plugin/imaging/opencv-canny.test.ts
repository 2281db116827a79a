import { describe, expect, it } from '@jest/globals';
import { opencvCanny } from '../../../src/plugin/imaging/opencv-canny.js';

const picture = (rows: readonly (readonly number[])[]): Uint8Array => Uint8Array.from(rows.flat());
const rows = (marks: Uint8Array, width: number): string[] =>
  Array.from({ length: marks.length / width }, (_, y) =>
    Array.from(marks.subarray(y * width, (y + 1) * width), (mark) => (mark === 0 ? '.' : '#')).join(''),
  );

describe("OpenCV's Canny", () => {
  it('finds nothing on a flat picture', () => {
    expect(opencvCanny(new Uint8Array(30).fill(200), 5, 6, 50, 150)).toEqual(new Uint8Array(30));
  });

  it('draws a step as a line of one pixel, on the side met first', () => {
    const step = [0, 0, 0, 40, 40, 40];
    expect(rows(opencvCanny(picture([step, step, step]), 3, 6, 50, 150), 6)).toEqual(Array(3).fill('..#...'));
    const columns = Array.from({ length: 18 }, (_, i) => step[Math.floor(i / 3)]!);
    expect(rows(opencvCanny(Uint8Array.from(columns), 6, 3, 50, 150), 3)).toEqual([
      '...',
      '...',
      '###',
      '...',
      '...',
      '...',
    ]);
  });

  it('takes steps above the high limit, and those above the low one that touch them', () => {
    // A step of height h has a gradient of 4 h.
    const step = (height: number): number[] => [0, 0, height, height];
    const found = (...heights: number[]): string[] =>
      rows(opencvCanny(picture(heights.map(step)), heights.length, 4, 50, 150), 4);
    expect(found(37, 37, 37)).toEqual(Array(3).fill('....'));
    expect(found(38, 38, 38)).toEqual(Array(3).fill('.#..'));
    for (const line of found(37, 37, 37, 37, 40, 40)) expect(line.replaceAll('.', '')).toBe('#');
    expect(found(12, 12, 12)).toEqual(Array(3).fill('....'));
  });

  it('follows a diagonal', () => {
    const diagonal = Array.from({ length: 8 }, (_, y) =>
      Array.from({ length: 8 }, (_, x) => (x > y ? 200 : 0)),
    );
    const marks = rows(opencvCanny(picture(diagonal), 8, 8, 50, 150), 8);
    for (let y = 1; y < 7; y++) expect(marks[y]!.slice(y - 1, y + 3)).toContain('#');
    expect(marks.join('').replaceAll('.', '').length).toBeLessThanOrEqual(16);
  });
});
