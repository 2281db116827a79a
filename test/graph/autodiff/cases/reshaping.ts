import { int, ints, string } from '../../../../src/graph/builder.js';
import { BATCH } from '../../../../src/graph/ir.js';
import { floatTensor } from '../../../../src/tensor/tensor.js';
import type { TestFunction } from '../test-function.js';

const boolTensor = (value: number) => ({ type: 'bool', dims: [], data: Uint8Array.of(value) }) as const;
const image = { x: { dims: [BATCH, 2, 3, 4] } };

/** Operators that rename or exchange axes, or leave everything as it is. */
export const reshapingCases: readonly TestFunction[] = [
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
  ...[0, 3, 4, -1, -3].map((axis): TestFunction => ({
    name: `Flatten at axis ${axis}`,
    inputs: image,
    build: (builder) => builder.add('Flatten', ['x'], { axis: int(axis) }),
  })),
  {
    name: 'Reshape that takes a 0 for what it says',
    inputs: image,
    build: (builder) => builder.add('Reshape', ['x', builder.ints([-1, 24])], { allowzero: int(1) }),
  },
  {
    name: 'Squeeze of whatever is 1',
    inputs: { x: { dims: [1, 3, 1] }, y: { dims: [BATCH, 3] } },
    build: (builder) => builder.add('Mul', [builder.add('Squeeze', ['x']), 'y']),
  },
  {
    name: 'DepthToSpace and SpaceToDepth of rectangular images',
    inputs: { x: { dims: [BATCH, 8, 2, 3] } },
    build: (builder) => [
      builder.add('DepthToSpace', ['x'], { blocksize: int(2) }),
      builder.add('DepthToSpace', ['x'], { blocksize: int(2), mode: string('CRD') }),
      builder.add('SpaceToDepth', [builder.add('Reshape', ['x', builder.ints([-1, 2, 4, 6])])], {
        blocksize: int(2),
      }),
    ],
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
