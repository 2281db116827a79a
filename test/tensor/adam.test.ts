import { describe, expect, it } from '@jest/globals';
import { Adam } from '../../src/tensor/adam.js';

describe('Adam', () => {
  it('first moves every coordinate by the rate, up its slope, and none without a slope', () => {
    const point = new Float64Array(3);
    new Adam(3).step(Float64Array.of(1e-3, -500, 0), point, 0.1);
    expect(point[0]).toBeCloseTo(0.1, 5);
    expect(point[1]).toBeCloseTo(-0.1, 9);
    expect(point[2]).toBe(0);
  });

  it('makes the steps that the moments of algorithm 1 give', () => {
    const adam = new Adam(1);
    const point = new Float64Array(1);
    let [first, second, expected] = [0, 0, 0];
    for (const [i, slope] of [3, -1, 0.5, 2].entries()) {
      adam.step(Float64Array.of(slope), point, 0.01);
      first = 0.9 * first + 0.1 * slope;
      second = 0.999 * second + 0.001 * slope ** 2;
      expected += (0.01 * first) / (1 - 0.9 ** (i + 1)) / (Math.sqrt(second / (1 - 0.999 ** (i + 1))) + 1e-8);
      expect(point[0]).toBeCloseTo(expected, 12);
    }
  });

  it('reaches the top of a parabola', () => {
    const [adam, point] = [new Adam(2), Float64Array.of(1, -2)];
    for (let step = 0; step < 3000; step++) {
      adam.step(
        point.map((x, i) => (i === 0 ? 0.3 : 4) - x),
        point,
        0.01,
      );
    }
    expect(point[0]).toBeCloseTo(0.3, 3);
    expect(point[1]).toBeCloseTo(4, 3);
  });
});
