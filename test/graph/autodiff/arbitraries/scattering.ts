import fc from 'fast-check';
import { int, string } from '../../../../src/graph/builder.js';
import { BATCH } from '../../../../src/graph/ir.js';
import { intTensor } from '../../../../src/tensor/tensor.js';
import type { Random } from '../random.js';
import type { TestFunction } from '../test-function.js';
import { upTo, type OperatorArbitraries } from './arbitrary.js';
import { axisOf, batched, exampleDims, positions } from './shapes.js';

/** Places on an axis: any where updates add up, none twice where they replace. */
const places = (length: number, adds: boolean): fc.Arbitrary<number[]> =>
  adds
    ? upTo(4).chain((count) => positions(length, count))
    : fc.shuffledSubarray(
        Array.from({ length }, (_, i) => (i % 2 === 0 ? i : i - length)),
        { minLength: 1 },
      );

/** Positive, so that no sum comes out as a small difference of large numbers. */
const positive = (random: Random): number => 0.5 + random.uniform();

const elements = fc
  .tuple(upTo(4), upTo(3), fc.boolean())
  .chain(([length, inner, adds]) =>
    fc.record({
      length: fc.constant(length),
      inner: fc.constant(inner),
      adds: fc.constant(adds),
      at: places(length, adds),
    }),
  )
  .map(({ length, inner, adds, at }): TestFunction => ({
    name: `ScatterElements that ${adds ? 'adds' : 'writes'} at ${at.join(', ')} of ${length}`,
    inputs: {
      x: { dims: [BATCH, length, inner] },
      w: { dims: [length, inner], sample: positive },
      updates: { dims: [at.length, inner], sample: positive },
    },
    build: (builder) => {
      const indices = builder.initializer(
        'indices',
        intTensor(
          at.flatMap((place) => Array.from({ length: inner }, () => place)),
          [at.length, inner],
        ),
      );
      const reduction = { reduction: string(adds ? 'add' : 'none') };
      const written = builder.add('ScatterElements', ['w', indices, 'updates'], {
        axis: int(-2),
        ...reduction,
      });
      return builder.add('Mul', ['x', written]);
    },
  }));

const slices = fc
  .tuple(upTo(4), exampleDims(2), fc.boolean())
  .chain(([length, rest, adds]) =>
    fc.record({
      length: fc.constant(length),
      rest: fc.constant(rest),
      adds: fc.constant(adds),
      at: places(length, adds),
    }),
  )
  .map(({ length, rest, adds, at }): TestFunction => ({
    name: `ScatterND that ${adds ? 'adds' : 'writes'} slices ${at.join(', ')} of ${length}`,
    inputs: {
      x: { dims: [BATCH, length, ...rest] },
      w: { dims: [length, ...rest], sample: positive },
      updates: { dims: [at.length, ...rest], sample: positive },
    },
    build: (builder) => {
      const indices = builder.initializer('indices', intTensor(at, [at.length, 1]));
      const reduction = { reduction: string(adds ? 'add' : 'none') };
      return builder.add('Mul', ['x', builder.add('ScatterND', ['w', indices, 'updates'], reduction)]);
    },
  }));

const triangles = fc
  .record({
    dims: exampleDims(3, 2),
    diagonal: fc.integer({ min: -3, max: 3 }),
    upper: fc.constantFrom(0, 1),
  })
  .map(({ dims, diagonal, upper }): TestFunction => ({
    name: `Trilu of ${dims.join(', ')}, diagonal ${diagonal}, upper ${upper}`,
    inputs: { x: { dims: batched(dims) } },
    build: (builder) =>
      builder.add('Trilu', ['x', builder.initializer('k', intTensor([diagonal], []))], { upper: int(upper) }),
  }));

const sums = exampleDims(3, 1)
  .chain((dims) =>
    fc.record({
      dims: fc.constant(dims),
      axis: axisOf(dims.length + 1, 1),
      exclusive: fc.constantFrom(0, 1),
      reverse: fc.constantFrom(0, 1),
    }),
  )
  .map(({ dims, axis, exclusive, reverse }): TestFunction => ({
    name: `CumSum of ${dims.join(', ')} along ${axis}`,
    inputs: { x: { dims: batched(dims) } },
    build: (builder) =>
      builder.add('CumSum', ['x', builder.initializer('axis', intTensor([axis], []))], {
        exclusive: int(exclusive),
        reverse: int(reverse),
      }),
  }));

const reversals = fc.tuple(upTo(4), upTo(3)).map(([time, inner]): TestFunction => ({
  name: `ReverseSequence of ${time}`,
  inputs: {
    x: { dims: [BATCH, time, inner] },
    lengths: { dims: [BATCH], type: 'int64', sample: (random) => 1 + Math.floor(time * random.uniform()) },
  },
  build: (builder) =>
    builder.add('ReverseSequence', ['x', 'lengths'], { batch_axis: int(0), time_axis: int(1) }),
}));

/** Operators that write to places of a copy, and those that weigh or exchange by place. */
export const scatteringArbitraries: OperatorArbitraries = {
  ScatterElements: { functions: elements, runs: 20 },
  ScatterND: { functions: slices, runs: 20 },
  Trilu: { functions: triangles },
  CumSum: { functions: sums },
  ReverseSequence: { functions: reversals, runs: 8 },
};
