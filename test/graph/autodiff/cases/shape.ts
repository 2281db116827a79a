import { int, ints } from '../../../../src/graph/builder.js';
import { BATCH } from '../../../../src/graph/ir.js';
import { floatTensor, intTensor } from '../../../../src/tensor/tensor.js';
import type { TestFunction } from '../test-function.js';

const boolTensor = (value: number) => ({ type: 'bool', dims: [], data: Uint8Array.of(value) }) as const;
const image = { x: { dims: [BATCH, 2, 3, 4] } };

export const shapeCases: readonly TestFunction[] = [
  { name: 'Identity', inputs: image, build: (builder) => builder.add('Identity', ['x']) },
  { name: 'Dropout', inputs: image, build: (builder) => builder.add('Dropout', ['x']) },
  {
    name: 'Dropout with its inference mode spelt out',
    inputs: image,
    build: (builder) => {
      const ratio = builder.scalar(0.5);
      return builder.add('Dropout', ['x', ratio, builder.initializer('training', boolTensor(0))]);
    },
  },
  {
    name: 'Cast to double and back',
    inputs: image,
    build: (builder) => {
      const double = builder.add('Cast', ['x'], { to: int(11) });
      return builder.add('Cast', [double], { to: int(1) });
    },
  },
  { name: 'Flatten', inputs: image, build: (builder) => builder.add('Flatten', ['x']) },
  {
    name: 'Flatten that merges the batch axis',
    inputs: image,
    build: (builder) => builder.add('Flatten', ['x'], { axis: int(2) }),
  },
  {
    name: 'Reshape with the batch left open',
    inputs: image,
    build: (builder) => builder.add('Reshape', ['x', builder.ints([-1, 6, 4])]),
  },
  {
    name: 'Reshape with the batch copied',
    inputs: image,
    build: (builder) => builder.add('Reshape', ['x', builder.ints([0, 4, -1])]),
  },
  {
    name: 'Reshape to a shape computed from the input, which gets no gradient by that way',
    inputs: image,
    build: (builder) => {
      const batch = builder.add('Shape', ['x'], { start: int(0), end: int(1) });
      return builder.add('Reshape', [
        'x',
        builder.add('Concat', [batch, builder.ints([24])], { axis: int(0) }),
      ]);
    },
  },
  {
    name: 'Squeeze of named axes',
    inputs: { x: { dims: [BATCH, 1, 3, 1] } },
    build: (builder) => builder.add('Squeeze', ['x', builder.ints([1, -1])]),
  },
  {
    name: 'Unsqueeze',
    inputs: { x: { dims: [BATCH, 3] } },
    build: (builder) => builder.add('Unsqueeze', ['x', builder.ints([0, -1])]),
  },
  { name: 'Transpose of all axes', inputs: image, build: (builder) => builder.add('Transpose', ['x']) },
  {
    name: 'Transpose to channels last',
    inputs: image,
    build: (builder) => builder.add('Transpose', ['x'], { perm: ints([0, 2, 3, 1]) }),
  },
  {
    name: 'Transpose by a permutation that is not its own inverse',
    inputs: image,
    build: (builder) => builder.add('Transpose', ['x'], { perm: ints([3, 0, 1, 2]) }),
  },
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
  ...indexing(),
];

function indexing(): TestFunction[] {
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
  return [
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
      name: 'Pad on all sides',
      inputs: image,
      build: (builder) => builder.add('Pad', ['x', builder.ints([0, 1, 2, 0, 0, 0, 1, 3])]),
    },
    {
      name: 'Pad with a value, cropping one side',
      inputs: image,
      build: (builder) =>
        builder.add('Pad', ['x', builder.ints([0, 0, -1, 2, 0, 0, 1, -2]), builder.scalar(5)]),
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
      name: 'Expand of a weight and of a column',
      inputs: { x: { dims: [BATCH, 1, 3] }, w: { dims: [2, 1] } },
      build: (builder) => {
        const column = builder.add('Expand', ['x', builder.ints([1, 2, 1])]);
        return builder.add('Mul', [column, builder.add('Expand', ['w', builder.ints([1, 2, 3])])]);
      },
    },
    {
      name: 'Constant as an operand',
      inputs: { x: { dims: [BATCH, 2] } },
      build: (builder) => {
        const value = floatTensor(Float32Array.of(0.5, -2), [2]);
        return builder.add('Mul', ['x', builder.add('Constant', [], { value: { type: 'tensor', value } })]);
      },
    },
  ];
}
