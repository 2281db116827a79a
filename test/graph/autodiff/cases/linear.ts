import { float, int } from '../../../../src/graph/builder.js';
import { BATCH, type Dimension } from '../../../../src/graph/ir.js';
import type { TestFunction } from '../test-function.js';

const flags = [0, 1];

const gemms = flags.flatMap((transA) =>
  flags.map((transB): TestFunction => ({
    name: `Gemm with transA=${transA}, transB=${transB}, alpha and beta`,
    inputs: {
      a: { dims: [BATCH, 4] },
      b: { dims: transB === 1 ? [5, 4] : [4, 5] },
      c: { dims: [5] },
    },
    build: (builder) => {
      const a = transA === 1 ? builder.add('Transpose', ['a']) : 'a';
      const attributes = { transA: int(transA), transB: int(transB), alpha: float(0.75), beta: float(1.5) };
      return builder.add('Gemm', [a, 'b', 'c'], attributes);
    },
  })),
);

const products: readonly (readonly [string, readonly Dimension[], readonly Dimension[]])[] = [
  ['of two matrices', [BATCH, 4], [4, 3]],
  ['of a stack and a matrix', [BATCH, 2, 4], [4, 3]],
  ['of a deeper stack and a matrix', [BATCH, 2, 5, 4], [4, 3]],
  ['of two stacks', [BATCH, 2, 4], [BATCH, 4, 3]],
  ['of two stacks that broadcast', [BATCH, 1, 2, 4], [3, 4, 2]],
  ['of a matrix and a stack', [2, 4], [BATCH, 4, 3]],
  ['of a matrix and a vector', [BATCH, 4], [4]],
  ['of a stack and a vector', [BATCH, 2, 4], [4]],
  ['of a vector and a stack', [4], [BATCH, 4, 3]],
];

export const linearCases: readonly TestFunction[] = [
  ...gemms,
  {
    name: 'Gemm without bias',
    inputs: { a: { dims: [BATCH, 4] }, b: { dims: [4, 5] } },
    build: (builder) => builder.add('Gemm', ['a', 'b']),
  },
  ...[[], [1], [1, 5], [BATCH, 1], [BATCH, 5]].map((dims): TestFunction => ({
    name: `Gemm with a bias of shape [${dims.join(', ')}]`,
    inputs: { a: { dims: [BATCH, 4] }, b: { dims: [4, 5] }, c: { dims } },
    build: (builder) => builder.add('Gemm', ['a', 'b', 'c']),
  })),
  ...products.map(([name, a, b]): TestFunction => ({
    name: `MatMul ${name}`,
    inputs: { a: { dims: a }, b: { dims: b } },
    build: (builder) => builder.add('MatMul', ['a', 'b']),
  })),
  {
    name: 'MatMul of two vectors',
    inputs: { x: { dims: [BATCH, 1] }, a: { dims: [4] }, b: { dims: [4] } },
    build: (builder) => builder.add('Mul', ['x', builder.add('MatMul', ['a', 'b'])]),
  },
];
