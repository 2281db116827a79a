import { describe, expect, it } from '@jest/globals';
import { coordinateBasis, cosineBasis, type Basis } from '../../src/tensor/dct.js';

const planes = (channels: number, height: number, width: number, last: boolean) => ({
  channels,
  height,
  width,
  at: (c: number, y: number, x: number) =>
    last ? (y * width + x) * channels + c : (c * height + y) * width + x,
});

const directions = (basis: Basis, size: number) =>
  Array.from({ length: basis.count }, (_, index) => {
    const direction = new Float64Array(size);
    basis.add(index, 1, direction);
    return direction;
  });

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe('a basis', () => {
  it.each([
    ['coordinates', coordinateBasis(30), 30],
    ['all cosine waves, channels first', cosineBasis(planes(2, 5, 3, false), 1), 30],
    ['all cosine waves, channels last', cosineBasis(planes(2, 3, 5, true), 1), 30],
    ['low cosine waves', cosineBasis(planes(2, 5, 3, false), 0.5), 2 * 3 * 2],
  ])('of %s is orthonormal', (_name, basis, count) => {
    const all = directions(basis, 30);
    expect(all).toHaveLength(count);
    all.forEach((a, i) => all.forEach((b, j) => expect(dot(a, b)).toBeCloseTo(i === j ? 1 : 0, 12)));
  });

  it('of cosine waves begins with a constant in one channel', () => {
    const [first] = directions(cosineBasis(planes(2, 2, 2, false), 0.01), 8);
    first!.forEach((value, i) => expect(value).toBeCloseTo(i < 4 ? 0.5 : 0, 12));
  });
});
