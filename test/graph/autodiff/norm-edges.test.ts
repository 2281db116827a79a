import { describe, expect, it } from '@jest/globals';
import type { GraphBuilder } from '../../../src/graph/builder.js';
import { int, ints, type Attributes } from '../../../src/graph/builder.js';
import { BATCH } from '../../../src/graph/ir.js';
import { gradientAt } from './gradient-at.js';
import { buildFunction, gradientGraph } from './gradient-check.js';
import { lowered } from './cases/lowered.js';
import { randomOf } from './random.js';

const sizeOf = (dims: readonly number[]): number => dims.reduce((product, dim) => product * dim, 1);

async function gradientOf(
  dims: readonly number[],
  values: readonly number[],
  build: (builder: GraphBuilder) => string,
  outputDims: readonly number[],
  weights?: readonly number[],
): Promise<number[]> {
  return (await gradientAt({ x: { dims, values } }, build, outputDims, weights))['x']!;
}

describe('the gradient of GlobalMaxPool', () => {
  it('goes to the first maximum of each channel in row-major order', async () => {
    // prettier-ignore
    const values = [
      1, 5, 5,
      5, 0, 2,

      3, 3, 3,
      3, 3, 3,
    ];
    const found = await gradientOf(
      [1, 2, 2, 3],
      values,
      (b) => b.add('GlobalMaxPool', ['x']),
      [1, 2, 1, 1],
      [4, -2],
    );
    expect(found).toEqual([0, 4, 0, 0, 0, 0, -2, 0, 0, 0, 0, 0]);
  });

  it.each([[[7]], [[4, 5]], [[2, 3, 4]]])('does so for most values tied, over %p', async (image) => {
    const random = randomOf(sizeOf(image));
    const values = Array.from({ length: 3 * sizeOf(image) }, () => Math.floor(3 * random.uniform()) - 1);
    const expected = [0, 1, 2].flatMap((channel) => {
      const plane = values.slice(channel * sizeOf(image), (channel + 1) * sizeOf(image));
      const first = plane.indexOf(Math.max(...plane));
      return plane.map((_, i) => (i === first ? channel + 1 : 0));
    });
    const dims = [1, 3, ...image];
    const ones = [1, 3, ...image.map(() => 1)];
    expect(await gradientOf(dims, values, (b) => b.add('GlobalMaxPool', ['x']), ones, [1, 2, 3])).toEqual(
      expected,
    );
  });
});

describe('the gradient of a norm at 0', () => {
  const tiles = { kernel_shape: ints([2]), strides: ints([2]) };

  it.each([
    [1, [0, 0, 1, 1]],
    [2, [0, 0, 0, 1]],
    [3, [0, 0, 0, 1]],
  ])(
    'is 0 for LpPool of order %d, in a window of zeros and of the zero beside another value',
    async (p, expected) => {
      const values = [0, 0, p === 1 ? 1 : 0, 2];
      const build = (b: GraphBuilder): string => b.add('LpPool', ['x'], { ...tiles, p: int(p) });
      expect(await gradientOf([1, 1, 4], values, build, [1, 1, 2])).toEqual(expected);
    },
  );

  it.each([1, 2, 3])(
    'is 0 for LpPool of order %d rounding up, where operator set 17 has a power of a sum',
    async (p) => {
      const attributes = { ...tiles, ceil_mode: int(1), p: int(p) };
      const fn = lowered({ opset: 18, op: 'LpPool', inputs: { x: [BATCH, 1, 5] }, attributes });
      const build = (b: GraphBuilder): string => fn.build(b) as string;
      const found = await gradientOf([1, 1, 5], [0, 0, 0, 2, 0], build, [1, 1, 3]);
      expect(found.with(3, 1)).toEqual([0, 0, 0, 1, 0]);
      expect(found[3]).toBeCloseTo(1, 6);
    },
  );

  it.each([1, 2, 3])('is 0 for GlobalLpPool of order %d', async (p) => {
    const build = (b: GraphBuilder): string => b.add('GlobalLpPool', ['x'], { p: int(p) });
    expect(await gradientOf([1, 2, 3], [0, 0, 0, 0, 3, 0], build, [1, 2, 1])).toEqual([0, 0, 0, 0, 1, 0]);
  });

  it.each([1, 2])('is 0 for LpNormalization of order %d, whose value is 0 there as well', async (p) => {
    const build = (b: GraphBuilder): string => b.add('LpNormalization', ['x'], { axis: int(1), p: int(p) });
    const found = await gradientOf([1, 2, 2], [0, 0, 0, 4], build, [1, 2, 2], [1, 1, 1, 1]);
    // The second column, (0, 4): the first element turns the direction at a rate of 1 / 4.
    expect(found).toEqual([0, 0.25, 0, 0]);
  });

  it.each([2, 3])('stays finite for LpPool of order %d where powers underflow', async (p) => {
    const build = (b: GraphBuilder): string => b.add('LpPool', ['x'], { ...tiles, p: int(p) });
    const found = await gradientOf([1, 1, 4], [1e-30, 2e-30, 1e-15, 0], build, [1, 1, 2]);
    expect(found.every(Number.isFinite)).toBe(true);
  });
});

describe('a constant input', () => {
  const epsilon = { type: 'float', value: 1e-5 } as const;
  const over =
    (op: string, attributes: Attributes, ...weights: string[]) =>
    (b: GraphBuilder) =>
      b.add(op, ['x', ...weights.map((name) => b.initializer(name, ONES))], attributes);
  const ONES = { type: 'float32', dims: [4], data: new Float32Array(4).fill(1) } as const;

  it.each([
    ['LayerNormalization', over('LayerNormalization', { epsilon }, 'scale', 'bias'), [1, 2, 4]],
    ['InstanceNormalization', over('InstanceNormalization', { epsilon }, 'scale', 'bias'), [1, 4, 2]],
  ])('has a finite gradient through %s', async (_op, build, dims) => {
    const found = await gradientOf(dims, new Array<number>(8).fill(3), build, dims, [1, 2, 3, 4, 5, 6, 7, 8]);
    expect(found.every(Number.isFinite)).toBe(true);
  });
});

it('the statistics of LayerNormalization block where they are used themselves', async () => {
  const forward = buildFunction(
    {
      name: 'statistics',
      inputs: { x: { dims: [BATCH, 3] }, scale: { dims: [3] } },
      build: (b) => b.addMany('LayerNormalization', ['x', 'scale'], 2)[1]!,
    },
    [],
    {},
  );
  await expect(gradientGraph(forward, ['x'])).rejects.toThrow(
    /LayerNormalization.*its mean or its deviation is used/,
  );
});
