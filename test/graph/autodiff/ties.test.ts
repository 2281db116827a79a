import { describe, expect, it } from '@jest/globals';
import { float, ints } from '../../../src/graph/builder.js';
import { gradientAt, unaryGradientAt as unary } from './gradient-at.js';
import { randomOf } from './random.js';

const smallest = 1.2e-38;

describe('the derivative at a kink', () => {
  it('of Relu is 0 at 0, and exactly 0 or 1 elsewhere, down to the smallest normal floats', async () => {
    const found = await unary([-1, -smallest, 0, smallest, 1e-20, 3e38], (b) => b.add('Relu', ['x']));
    expect(found).toEqual([0, 0, 0, 1, 1, 1]);
  });

  it('of LeakyRelu is the slope at 0', async () => {
    const found = await unary([-1, 0, 1], (b) => b.add('LeakyRelu', ['x'], { alpha: float(0.25) }));
    expect(found).toEqual([0.25, 0.25, 1]);
  });

  it('of Abs is 0 at 0', async () => {
    expect(await unary([-2, 0, 2], (b) => b.add('Abs', ['x']))).toEqual([-1, 0, 1]);
  });

  it('of HardSigmoid is 0 at both kinks', async () => {
    const attributes = { alpha: float(0.25), beta: float(0.5) };
    expect(await unary([-3, -2, 0, 2, 3], (b) => b.add('HardSigmoid', ['x'], attributes))).toEqual([
      0, 0, 0.25, 0, 0,
    ]);
  });

  it('of Clip is 1 at both bounds and 0 beyond', async () => {
    const found = await unary([-1.5, -1, 0, 2, 2.5], (b) => b.add('Clip', ['x', b.scalar(-1), b.scalar(2)]));
    expect(found).toEqual([0, 1, 1, 1, 0]);
  });

  it('of a power with exponent 0 is 0 at 0', async () => {
    expect(await unary([0, 2], (b) => b.add('Pow', ['x', b.scalar(0)]))).toEqual([0, 0]);
  });
});

describe('the gradient at a tie', () => {
  it.each(['Max', 'Min'])('of %s is shared equally by both inputs', async (op) => {
    const a = { dims: [1, 3], values: [1, 2, 3] };
    const b = { dims: [1, 3], values: [1, 3, 2] };
    const found = await gradientAt({ a, b }, (builder) => builder.add(op, ['a', 'b']), [1, 3]);
    const first = op === 'Max' ? [0.5, 0, 1] : [0.5, 1, 0];
    expect(found).toEqual({ a: first, b: first.map((share) => 1 - share) });
  });

  it.each(['ReduceMax', 'ReduceMin'])('of %s is shared equally by all that attain it', async (op) => {
    const values = [2, 2, 2, 2, 5, 1];
    const found = await gradientAt(
      { x: { dims: [1, 2, 3], values } },
      (builder) => builder.add(op, ['x'], { axes: ints([2]), keepdims: { type: 'int', value: 0 } }),
      [1, 2],
      [3, 1],
    );
    expect(found['x']).toEqual([1, 1, 1, ...(op === 'ReduceMax' ? [0, 1, 0] : [0, 0, 1])]);
  });

  it('of MaxPool goes to the first maximum in row-major order, so that its weights sum to 1 over a window', async () => {
    // prettier-ignore
    const values = [
      0, 0, 7, 7,
      0, 0, 7, 7,
      1, 2, 3, 9,
      2, 0, 9, 3,
    ];
    const found = await gradientAt(
      { x: { dims: [1, 1, 4, 4], values } },
      (builder) => builder.add('MaxPool', ['x'], { kernel_shape: ints([2, 2]), strides: ints([2, 2]) }),
      [1, 1, 2, 2],
      [1, 2, 3, 4],
    );
    // prettier-ignore
    expect(found['x']).toEqual([
      1, 0, 2, 0,
      0, 0, 0, 0,
      0, 3, 0, 4,
      0, 0, 0, 0,
    ]);
  });

  it.each([
    ['tiles', [2, 2], [0, 1, 0, 0]],
    ['one tile of the whole image', [2, 4], [0, 1, 0, 0, 0, 0, 0, 0]],
  ] as const)(
    'of MaxPool over %s prefers the first row, then the first element in it',
    async (_, kernel, expected) => {
      // The second row holds the maximum earlier in its row, the first row holds it earlier in the window.
      const row = kernel[1] === 2 ? [1, 5, 5, 5] : [1, 5, 5, 2, 5, 5, 5, 5];
      const found = await gradientAt(
        { x: { dims: [1, 1, 2, kernel[1]], values: row } },
        (builder) => builder.add('MaxPool', ['x'], { kernel_shape: ints(kernel), strides: ints(kernel) }),
        [1, 1, 1, 1],
      );
      expect(found['x']).toEqual(expected);
    },
  );

  it('of overlapping, padded MaxPool windows of a constant image adds up where windows share their first maximum', async () => {
    const found = await gradientAt(
      { x: { dims: [1, 1, 3, 3], values: new Array<number>(9).fill(-1) } },
      (builder) =>
        builder.add('MaxPool', ['x'], {
          kernel_shape: ints([3, 3]),
          strides: ints([1, 1]),
          pads: ints([1, 1, 1, 1]),
        }),
      [1, 1, 3, 3],
    );
    expect(found['x']).toEqual([4, 2, 0, 2, 1, 0, 0, 0, 0]);
  });

  it('of MaxPool after Relu vanishes where the whole window is cut off', async () => {
    const found = await gradientAt(
      { x: { dims: [1, 1, 2, 4], values: [-1, -2, 3, 3, -1, -1, 3, 1] } },
      (builder) =>
        builder.add('MaxPool', [builder.add('Relu', ['x'])], {
          kernel_shape: ints([2, 2]),
          strides: ints([2, 2]),
        }),
      [1, 1, 1, 2],
    );
    expect(found['x']).toEqual([0, 0, 1, 0, 0, 0, 0, 0]);
  });
});

/** Gradient of the sum of all windows' maxima, each credited to the first in row-major order. */
function firstMaxima(
  values: readonly number[],
  size: number,
  kernel: number,
  stride: number,
  pad: number,
): number[] {
  const places = Math.floor((size + 2 * pad - kernel) / stride) + 1;
  const seen = (position: number): number[] =>
    Array.from({ length: kernel }, (_, tap) => position * stride - pad + tap).filter(
      (i) => i >= 0 && i < size,
    );
  const gradient = values.map(() => 0);
  for (let row = 0; row < places; row++)
    for (let column = 0; column < places; column++) {
      const window = seen(row).flatMap((y) => seen(column).map((x) => y * size + x));
      const top = Math.max(...window.map((i) => values[i]!));
      gradient[window.find((i) => values[i] === top)!]! += 1;
    }
  return gradient;
}

describe('the gradient of MaxPool where most values are tied', () => {
  it.each([
    { size: 6, kernel: 2, stride: 2, pad: 0 },
    { size: 6, kernel: 3, stride: 3, pad: 0 },
    { size: 5, kernel: 2, stride: 2, pad: 0 },
    { size: 6, kernel: 3, stride: 2, pad: 1 },
    { size: 5, kernel: 3, stride: 1, pad: 1 },
  ])(
    'is that of the first maxima, for $size x $size images, $kernel x $kernel windows, stride $stride, padding $pad',
    async (spec) => {
      const { size, kernel, stride, pad } = spec;
      const random = randomOf(size + kernel);
      for (let trial = 0; trial < 3; trial++) {
        const values = Array.from({ length: size * size }, () => Math.floor(3 * random.uniform()) - 1);
        const expected = firstMaxima(values, size, kernel, stride, pad);
        const places = Math.floor((size + 2 * pad - kernel) / stride) + 1;
        const found = await gradientAt(
          { x: { dims: [1, 1, size, size], values } },
          (builder) =>
            builder.add('MaxPool', ['x'], {
              kernel_shape: ints([kernel, kernel]),
              strides: ints([stride, stride]),
              pads: ints([pad, pad, pad, pad]),
            }),
          [1, 1, places, places],
        );
        expect(found['x']).toEqual(expected);
      }
    },
  );
});
