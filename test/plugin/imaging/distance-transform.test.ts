import { describe, expect, it } from '@jest/globals';
import { distanceTransform } from '../../../src/plugin/imaging/distance-transform.js';

/** Lengths of a diagonal and a knight's step in OpenCV's fixed point. */
const DIAGONAL = 91750 / 65536;
const KNIGHT = 143976 / 65536;

describe('the distance transform', () => {
  it('measures a way of straight, diagonal and knight steps from the nearest mark', () => {
    const marks = new Uint8Array(25);
    marks[12] = 255;
    const far = 2 * DIAGONAL;
    expect(Array.from(distanceTransform(marks, 5, 5))).toEqual(
      [
        [far, KNIGHT, 2, KNIGHT, far],
        [KNIGHT, DIAGONAL, 1, DIAGONAL, KNIGHT],
        [2, 1, 0, 1, 2],
        [KNIGHT, DIAGONAL, 1, DIAGONAL, KNIGHT],
        [far, KNIGHT, 2, KNIGHT, far],
      ].flat(),
    );
  });

  it('is within 2 % of the distance as the crow flies, whichever mark is nearest', () => {
    const size = 40;
    const marks = new Uint8Array(size * size);
    const places = [
      [3, 5],
      [30, 8],
      [17, 36],
    ] as const;
    for (const [y, x] of places) marks[y * size + x] = 1;
    distanceTransform(marks, size, size).forEach((distance, i) => {
      const [y, x] = [Math.floor(i / size), i % size];
      const straight = Math.min(...places.map(([py, px]) => Math.hypot(y - py, x - px)));
      expect(Math.abs(distance - straight)).toBeLessThanOrEqual(0.02 * straight);
    });
  });

  it('is further than any picture where nothing is marked', () => {
    expect(Math.min(...distanceTransform(new Uint8Array(6), 2, 3))).toBeGreaterThan(8000);
  });
});
