import { describe, expect, it } from '@jest/globals';
import { plasma, plasmaNoise } from '../../../src/plugin/imaging/plasma.js';
import { keyedStream } from '../../../src/random/keyed.js';

describe('diamond-square maps', () => {
  it('of two by two: the middle from the corner, the edges from both, stretched to [0, 1]', () => {
    // Noise times 100: the middle becomes 0 + 2; the edges (2 + 2 + 0 + 0) / 4, one of them less 2.
    expect(Array.from(plasma(Float64Array.of(0.02, 0, -0.02), 2, 3))).toEqual([1 / 3, 2 / 3, 0, 1]);
  });

  it('of four by four go round the edges, and weaken noise by the square of the decay', () => {
    const noise = new Float64Array(15);
    noise[0] = 0.04;
    // The last of the second level's left edges: row 3, column 2.
    noise[14] = 0.01;
    // First level: 4 in the middle (2, 2), 2 at (0, 2) and (2, 0). Second: 2 in every middle, then edges; all of them are
    // between two middles of 2 and two of 0, 2, 2 and 4, whose means are 1.5 (next to the corner) and 2.5.
    const expected = [
      [0, 1.5, 2, 1.5],
      [1.5, 2, 2.5, 2],
      [2, 2.5, 4, 2.5],
      [1.5, 2, 2.5 + (100 / 5) * 0.01, 2],
    ];
    const map = plasma(noise, 4, 5);
    expected.flat().forEach((value, i) => expect(map[i]).toBeCloseTo(value / 4, 12));
  });

  it('draw noise for every place but the corner, in a range that falls with the decay', () => {
    const noise = plasmaNoise(keyedStream(0, 0, 'plasma'), 16, 2);
    expect(noise).toHaveLength(255);
    for (let cells = 1, start = 0, wibble = 100; cells < 16; cells *= 2, wibble /= 2) {
      const level = noise.subarray(start, (start += 3 * cells * cells));
      const largest = level.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(largest).toBeLessThan(wibble);
      if (cells > 2) expect(largest).toBeGreaterThan(0.8 * wibble);
    }
  });

  it('reach from 0 to 1', () => {
    const map = plasma(plasmaNoise(keyedStream(0, 1, 'plasma'), 32, 2.5), 32, 2.5);
    expect(Math.min(...map)).toBe(0);
    expect(Math.max(...map)).toBe(1);
  });
});
