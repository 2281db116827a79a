import { float, int, string } from '../../../../src/graph/builder.js';
import { BATCH, type Dimension } from '../../../../src/graph/ir.js';
import type { TestFunction } from '../test-function.js';

const flags = [0, 1];

export interface GemmSpec {
  readonly name: string;
  readonly inner: number;
  readonly columns: number;
  readonly transA: number;
  readonly transB: number;
  readonly alpha: number;
  readonly beta: number;
  /** Shape of C; undefined for none. */
  readonly bias: readonly Dimension[] | undefined;
}

export function gemm({ name, inner, columns, transA, transB, alpha, beta, bias }: GemmSpec): TestFunction {
  return {
    name: `Gemm ${name}`,
    inputs: {
      a: { dims: [BATCH, inner] },
      b: { dims: transB === 1 ? [columns, inner] : [inner, columns] },
      ...(bias === undefined ? {} : { c: { dims: bias } }),
    },
    build: (builder) => {
      const a = transA === 1 ? builder.add('Transpose', ['a']) : 'a';
      const flagged = { transA: int(transA), transB: int(transB), alpha: float(alpha), beta: float(beta) };
      return builder.add('Gemm', [a, 'b', ...(bias === undefined ? [] : ['c'])], flagged);
    },
  };
}

const gemms = flags.flatMap((transA) =>
  flags.map((transB) => {
    const name = `with transA=${transA}, transB=${transB}, alpha and beta`;
    return gemm({ name, inner: 4, columns: 5, transA, transB, alpha: 0.75, beta: 1.5, bias: [5] });
  }),
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

/** Einsum of operands `a`, `b`, ... of the given shapes. */
export const einsum = (
  equation: string,
  shapes: readonly (readonly Dimension[])[],
  name = equation,
): TestFunction => {
  const inputs = shapes.map((dims, i) => [String.fromCharCode(97 + i), { dims }] as const);
  return {
    name: `Einsum ${name}`,
    inputs: Object.fromEntries(inputs),
    build: (builder) =>
      builder.add(
        'Einsum',
        inputs.map(([input]) => input),
        { equation: string(equation) },
      ),
  };
};

const contractions: readonly (readonly [string, ...(readonly Dimension[])[]])[] = [
  ['ij,jk->ik', [BATCH, 3], [3, 4]],
  ['ij,jk', [BATCH, 3], [3, 4]],
  ['b i j , b j k -> b i k', [BATCH, 2, 3], [BATCH, 3, 4]],
  ['bhqd,bhkd->bhqk', [BATCH, 2, 3, 4], [BATCH, 2, 5, 4]],
  ['bhqk,bhkd->bqhd', [BATCH, 2, 3, 5], [BATCH, 2, 5, 4]],
  ['bi,ij,bj->b', [BATCH, 3], [3, 4], [BATCH, 4]],
  ['bi,oij,bj->bo', [BATCH, 3], [2, 3, 4], [BATCH, 4]],
  ['bij->bji', [BATCH, 2, 3]],
  ['bij->b', [BATCH, 2, 3]],
  ['bij->j', [BATCH, 2, 3]],
  ['bij->', [BATCH, 2, 3]],
  ['ba', [BATCH, 3]],
  ['zB,Ba', [BATCH, 3], [3, 2]],
  ['bi,bj->bij', [BATCH, 3], [BATCH, 2]],
  ['bi,bi->b', [BATCH, 3], [BATCH, 3]],
  ['bi,bi->', [BATCH, 3], [BATCH, 3]],
  ['bij,kl->bk', [BATCH, 2, 3], [4, 2]],
  ['bi,cj->b', [BATCH, 3], [BATCH, 2]],
  ['bi,ij->bj', [BATCH, 3], [1, 2]],
  ['bi,ij->bj', [BATCH, 1], [3, 2]],
  ['bi,ij->b', [BATCH, 3], [1, 2]],
  ['...i,ij->...j', [BATCH, 2, 3], [3, 4]],
  ['...ij,...jk->...ik', [BATCH, 2, 2, 3], [BATCH, 1, 3, 2]],
  ['...ij,...jk', [BATCH, 1, 2, 3], [1, 4, 3, 2]],
  ['b...,b...->b...', [BATCH, 2, 3], [BATCH, 1, 3]],
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
  ...contractions.map(([equation, ...shapes]) =>
    einsum(equation, shapes, `${equation} of ${shapes.map((dims) => `[${dims.join(', ')}]`).join(' and ')}`),
  ),
  {
    name: 'MatMul of two vectors',
    inputs: { x: { dims: [BATCH, 1] }, a: { dims: [4] }, b: { dims: [4] } },
    build: (builder) => builder.add('Mul', ['x', builder.add('MatMul', ['a', 'b'])]),
  },
];
