import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { BATCH, type Dimension } from '../../../src/graph/ir.js';
import { convolution } from './cases/convolution.js';
import { pooling } from './cases/pooling.js';
import { checkGradients, type WeightMode } from './gradient-check.js';
import type { TestFunction } from './test-function.js';

const upTo = (max: number, min = 1) => fc.integer({ min, max });
const pair = (max: number, min = 1) => fc.tuple(upTo(max, min), upTo(max, min));
const seed = fc.integer({ min: 0 });
const mode = fc.constantFrom<WeightMode>('variable weights', 'constant weights');

/** Runs the check on random functions, the same ones every time. */
async function holdsFor(functions: fc.Arbitrary<TestFunction>, numRuns: number): Promise<void> {
  const property = fc.asyncProperty(functions, mode, seed, checkGradients);
  await fc.assert(property, { seed: 20260501, numRuns });
}

const convolutions = fc
  .record({
    image: pair(8, 4),
    perGroup: upTo(2),
    filtersPerGroup: upTo(2),
    groups: upTo(3),
    kernel: pair(3),
    strides: pair(3),
    dilations: pair(2),
    pads: fc.tuple(upTo(2, 0), upTo(2, 0), upTo(2, 0), upTo(2, 0)),
    bias: fc.boolean(),
  })
  .filter(({ image, kernel, dilations, pads }) =>
    image.every(
      (size, axis) => size + pads[axis]! + pads[axis + 2]! > dilations[axis]! * (kernel[axis]! - 1),
    ),
  )
  .map(({ perGroup, filtersPerGroup, groups, ...spec }) =>
    convolution({
      ...spec,
      ...{ name: 'at random', groups, channels: perGroup * groups, filters: filtersPerGroup * groups },
    }),
  );

/** Padding must be smaller than the kernel, or a window could see nothing. */
const poolings = (op: 'MaxPool' | 'AveragePool') =>
  fc
    .record({
      ...{
        image: pair(7, 3),
        kernel: pair(3),
        strides: pair(3),
        pads: fc.tuple(upTo(2, 0), upTo(2, 0), upTo(2, 0), upTo(2, 0)),
      },
      ...{ includePad: op === 'MaxPool' ? fc.constant(false) : fc.boolean() },
    })
    .map(({ pads, ...spec }) => {
      const fitting = pads.map((pad, i) => Math.min(pad, spec.kernel[i % 2]! - 1));
      return pooling(op, { ...spec, name: 'at random', pads: fitting });
    });

/** Two shapes that broadcast: each of up to three axes is dropped, 1 or whole in either input, the batch in at least one. */
const broadcasts = fc
  .record({
    op: fc.constantFrom('Add', 'Sub', 'Mul', 'Max', 'Min'),
    sizes: fc.array(upTo(3, 2), { maxLength: 2 }),
    ones: fc.tuple(
      fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
      fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    ),
    dropped: fc.tuple(upTo(3, 0), upTo(3, 0)),
  })
  .map(({ op, sizes, ones, dropped }): TestFunction => {
    const full: Dimension[] = [BATCH, ...sizes];
    const [a, b] = [0, 1].map((input) =>
      full.map((dim, axis) => (ones[input as 0 | 1][axis] === true ? 1 : dim)).slice(dropped[input as 0 | 1]),
    );
    return {
      name: `${op} at random`,
      inputs: { a: { dims: a! }, b: { dims: b! }, x: { dims: [BATCH, 1] } },
      build: (builder) => builder.add('Mul', [builder.add(op, ['a', 'b']), builder.add('ReduceSum', ['x'])]),
    };
  });

const products = fc
  .record({
    op: fc.constant('MatMul'),
    stack: fc.array(upTo(3, 2), { maxLength: 2 }),
    sizes: fc.tuple(upTo(4), upTo(4), upTo(4)),
    plain: fc.boolean(),
  })
  .map(({ op, stack, sizes: [rows, inner, columns], plain }): TestFunction => ({
    name: 'MatMul at random',
    inputs: {
      a: { dims: [BATCH, ...stack, rows, inner] },
      b: { dims: plain ? [inner, columns] : [...stack, inner, columns] },
    },
    build: (builder) => builder.add(op, ['a', 'b']),
  }));

describe('gradients agree with central differences for any', () => {
  it('convolution', async () => holdsFor(convolutions, 60));
  it('max pooling', async () => holdsFor(poolings('MaxPool'), 30));
  it('average pooling', async () => holdsFor(poolings('AveragePool'), 30));
  it('shapes that broadcast', async () => holdsFor(broadcasts, 40));
  it('stacks of matrices', async () => holdsFor(products, 20));
});
