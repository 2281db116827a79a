import { int } from '../../../../src/graph/builder.js';
import { BATCH } from '../../../../src/graph/ir.js';
import type { TestFunction } from '../test-function.js';

/** Operators that put tensors together or take them apart. */
export const joiningCases: readonly TestFunction[] = [
  ...[0, 1, -1].map((axis): TestFunction => ({
    name: `Concat along axis ${axis}`,
    inputs: { a: { dims: [BATCH, 3] }, b: { dims: [BATCH, 3] }, c: { dims: [BATCH, 3] } },
    build: (builder) => builder.add('Concat', ['a', 'b', 'c'], { axis: int(axis) }),
  })),
  {
    name: 'Concat of parts of different length, one of them constant',
    inputs: { a: { dims: [BATCH, 3] }, b: { dims: [BATCH, 1] } },
    build: (builder) => {
      const one = builder.add('Mul', ['b', builder.scalar(0)]);
      return builder.add('Concat', ['a', one, 'b', 'a'], { axis: int(1) });
    },
  },
  {
    name: 'Concat of one',
    inputs: { a: { dims: [BATCH, 3] } },
    build: (builder) => builder.add('Concat', ['a'], { axis: int(1) }),
  },
  {
    name: 'Split in equal parts',
    inputs: { x: { dims: [BATCH, 4] } },
    build: (builder) => builder.addMany('Split', ['x'], 2, { axis: int(1) }),
  },
  {
    name: 'Split of which one part is used',
    inputs: { x: { dims: [BATCH, 6, 2] } },
    build: (builder) => builder.addMany('Split', ['x', builder.ints([1, 3, 2])], 3, { axis: int(-2) })[1]!,
  },
];
