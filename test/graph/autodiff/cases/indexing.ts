import { int } from '../../../../src/graph/builder.js';
import { BATCH } from '../../../../src/graph/ir.js';
import { intTensor } from '../../../../src/tensor/tensor.js';
import type { Random } from '../random.js';
import type { TestFunction } from '../test-function.js';

const image = { x: { dims: [BATCH, 2, 3, 4] } };
const bools = (...values: number[]) =>
  ({ type: 'bool', dims: [values.length], data: Uint8Array.from(values) }) as const;
const whole = (max: number) => (random: Random) => Math.floor(max * random.uniform());

const slices: readonly (readonly [
  string,
  readonly number[],
  readonly number[],
  readonly number[],
  readonly number[],
])[] = [
  ['of a range', [1], [3], [2], [1]],
  ['of two axes, from the end, beyond the end', [-3, 1], [2 ** 40, 100], [3, 1], [1, 1]],
  ['with a step', [0], [4], [3], [2]],
  ['backwards', [-1], [-100], [3], [-1]],
  ['backwards with a step', [3], [0], [3], [-2]],
  ['of the whole batch', [0], [2 ** 62], [0], [1]],
];
const gathers: readonly (readonly [string, readonly number[], readonly number[], number])[] = [
  ['in another order', [2, 0, 1], [3], 2],
  ['of some', [3, 1], [2], 3],
  ['of one, dropping the axis', [-1], [], 2],
  ['of repeated ones', [0, 0, 2, 0], [4], 3],
  ['of repeated ones along an inner axis', [1, 1, 0], [3], 1],
  ['by a matrix of indices', [0, 3, 1, 2], [2, 2], 3],
  ['by a matrix of repeated indices', [0, 2, 2, 2], [2, 2], 2],
];

/** Operators that take elements by position. */
export const indexingCases: readonly TestFunction[] = [
  ...slices.map(([name, starts, ends, axes, steps]): TestFunction => ({
    name: `Slice ${name}`,
    inputs: image,
    build: (builder) =>
      builder.add('Slice', ['x', ...[starts, ends, axes, steps].map((list) => builder.ints(list))]),
  })),
  {
    name: 'Slice of the leading axes of a weight',
    inputs: { x: { dims: [BATCH, 2] }, w: { dims: [4, 2] } },
    build: (builder) => {
      const rows = builder.add('Slice', ['w', builder.ints([1]), builder.ints([2])]);
      return builder.add('Mul', ['x', rows]);
    },
  },
  {
    name: 'Slice of the whole batch, its end computed at run time',
    inputs: image,
    build: (builder) => {
      const rows = builder.add('Shape', ['x'], { start: int(0), end: int(1) });
      return builder.add('Slice', ['x', builder.ints([0]), rows, builder.ints([0])]);
    },
  },
  ...gathers.map(([name, indices, dims, axis]): TestFunction => ({
    name: `Gather ${name}`,
    inputs: image,
    build: (builder) => {
      const constant = builder.initializer('indices', intTensor(indices, dims));
      return builder.add('Gather', ['x', constant], { axis: int(axis) });
    },
  })),
  {
    name: 'Gather of repeated rows of a weight',
    inputs: { x: { dims: [BATCH, 3, 2] }, w: { dims: [4, 2] } },
    build: (builder) => {
      const rows = builder.add('Gather', ['w', builder.ints([3, 1, 3])]);
      return builder.add('Mul', ['x', rows]);
    },
  },
  {
    name: 'GatherElements by indices given at run time, some of them repeated',
    inputs: {
      x: { dims: [BATCH, 5] },
      indices: { dims: [BATCH, 3], type: 'int64', sample: (random) => Math.floor(3 * random.uniform()) },
    },
    build: (builder) => builder.add('GatherElements', ['x', 'indices'], { axis: int(1) }),
  },
  {
    name: 'Gather by a matrix of indices given at run time, negative ones among them',
    inputs: {
      x: { dims: [BATCH, 3, 2] },
      indices: { dims: [2, 3], type: 'int64', sample: (random) => whole(6)(random) - 3 },
    },
    build: (builder) => builder.add('Gather', ['x', 'indices'], { axis: int(1) }),
  },
  {
    name: 'Gather of one position given at run time',
    inputs: { x: { dims: [BATCH, 3] }, index: { dims: [], type: 'int64', sample: whole(3) } },
    build: (builder) => builder.add('Gather', ['x', 'index'], { axis: int(-1) }),
  },
  {
    name: 'Gather of rows of a weight named by each example',
    inputs: {
      x: { dims: [BATCH, 2, 2] },
      w: { dims: [3, 2] },
      rows: { dims: [BATCH, 2], type: 'int64', sample: whole(3) },
    },
    build: (builder) => builder.add('Mul', ['x', builder.add('Gather', ['w', 'rows'])]),
  },
  {
    name: 'Gather of examples, the first of them again and again',
    inputs: { x: { dims: [BATCH, 2] } },
    build: (builder) => builder.add('Gather', ['x', builder.ints([0, 0, -1])]),
  },
  {
    name: 'GatherND of elements of each example, some of them repeated',
    inputs: {
      x: { dims: [BATCH, 3, 2] },
      indices: { dims: [BATCH, 4, 2], type: 'int64', sample: (random) => whole(4)(random) - 2 },
    },
    build: (builder) => builder.add('GatherND', ['x', 'indices'], { batch_dims: int(1) }),
  },
  {
    name: 'GatherND of slices along two batch axes',
    inputs: {
      x: { dims: [BATCH, 2, 3, 2] },
      indices: { dims: [BATCH, 2, 1], type: 'int64', sample: whole(3) },
    },
    build: (builder) => builder.add('GatherND', ['x', 'indices'], { batch_dims: int(2) }),
  },
  {
    name: 'GatherND of rows of a weight by constant indices',
    inputs: { x: { dims: [BATCH, 3, 2] }, w: { dims: [2, 2, 2] } },
    build: (builder) => {
      const indices = builder.initializer('indices', intTensor([0, 1, -1, 0, 0, -1], [3, 2]));
      return builder.add('Mul', ['x', builder.add('GatherND', ['w', indices])]);
    },
  },
  {
    name: 'Compress along an axis, its condition shorter than the axis',
    inputs: image,
    build: (builder) =>
      builder.add('Compress', ['x', builder.initializer('kept', bools(1, 0, 1))], { axis: int(-1) }),
  },
  {
    name: 'Compress of a flattened weight',
    inputs: { x: { dims: [BATCH, 2] }, w: { dims: [2, 2] } },
    build: (builder) =>
      builder.add('Mul', ['x', builder.add('Compress', ['w', builder.initializer('kept', bools(0, 1, 1))])]),
  },
];
