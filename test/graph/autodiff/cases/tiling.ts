import { int } from '../../../../src/graph/builder.js';
import { BATCH } from '../../../../src/graph/ir.js';
import { intTensor } from '../../../../src/tensor/tensor.js';
import type { TestFunction } from '../test-function.js';

/** Operators that repeat their input. */
export const tilingCases: readonly TestFunction[] = [
  {
    name: 'Expand of a weight and of a column',
    inputs: { x: { dims: [BATCH, 1, 3] }, w: { dims: [2, 1] } },
    build: (builder) => {
      const column = builder.add('Expand', ['x', builder.ints([1, 2, 1])]);
      return builder.add('Mul', [column, builder.add('Expand', ['w', builder.ints([1, 2, 3])])]);
    },
  },
  {
    name: 'Expand to a shape computed at run time',
    inputs: { x: { dims: [BATCH, 2, 3] }, w: { dims: [1, 1, 3] } },
    build: (builder) => {
      const rows = builder.add('Shape', ['x'], { start: int(0), end: int(2) });
      const target = builder.add('Concat', [rows, builder.ints([1])], { axis: int(0) });
      return builder.add('Mul', ['x', builder.add('Expand', ['w', target])]);
    },
  },
  {
    name: 'Tile of two axes',
    inputs: { x: { dims: [BATCH, 2, 3] } },
    build: (builder) => builder.add('Tile', ['x', builder.ints([1, 3, 2])]),
  },
  {
    name: 'Tile of the batch and of a trailing 1',
    inputs: { x: { dims: [BATCH, 2, 1] } },
    build: (builder) => builder.add('Tile', ['x', builder.ints([2, 1, 4])]),
  },
  {
    name: 'Tile of one row, once for each example',
    inputs: { x: { dims: [BATCH, 2] }, w: { dims: [1, 2] } },
    build: (builder) => {
      const rows = builder.add('Shape', ['x'], { start: int(0), end: int(1) });
      const repeats = builder.add('Concat', [rows, builder.ints([1])], { axis: int(0) });
      return builder.add('Mul', ['x', builder.add('Tile', ['w', repeats])]);
    },
  },
  {
    name: 'Range as an operand, one number for each column',
    inputs: { x: { dims: [BATCH, 3] } },
    build: (builder) => {
      const scalar = (value: number) => builder.initializer('scalar', intTensor([value], []));
      const columns = builder.add('Gather', [builder.add('Shape', ['x']), scalar(1)]);
      const range = builder.add('Range', [scalar(0), columns, scalar(1)]);
      return builder.add('Mul', ['x', builder.add('Cast', [range], { to: int(1) })]);
    },
  },
];
