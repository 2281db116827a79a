import fc from 'fast-check';
import { BATCH, type Dimension } from '../../../../src/graph/ir.js';
import { einsum, gemm } from '../cases/linear.js';
import type { TestFunction } from '../test-function.js';
import { upTo, type OperatorArbitraries } from './arbitrary.js';

const stack = fc.array(upTo(3, 2), { maxLength: 2 });

/** Each side's stack, and which of its axes have length 1 there. */
const products = fc
  .record({
    stack,
    ones: fc.tuple(fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), upTo(3, 0)),
    sizes: fc.tuple(upTo(4), upTo(4), upTo(4)),
    vector: fc.boolean(),
  })
  .map(({ stack, ones: [ones, dropped], sizes: [rows, inner, columns], vector }): TestFunction => {
    const full: Dimension[] = [BATCH, ...stack];
    const shorter = full.map((dim, axis) => (ones[axis] === true ? 1 : dim)).slice(dropped);
    return {
      name: 'MatMul at random',
      inputs: {
        a: { dims: [...full, rows, inner] },
        b: { dims: vector ? [inner] : [...shorter, inner, columns] },
      },
      build: (builder) => builder.add('MatMul', ['a', 'b']),
    };
  });

const gemms = fc
  .record({
    inner: upTo(4),
    columns: upTo(4),
    transA: upTo(1, 0),
    transB: upTo(1, 0),
    alpha: fc.constantFrom(1, -0.5),
    beta: fc.constantFrom(1, 0.25),
    bias: fc.constantFrom<'absent' | 'scalar' | 'row' | 'column' | 'matrix'>(
      ...(['absent', 'scalar', 'row', 'column', 'matrix'] as const),
    ),
  })
  .map(({ bias, columns, ...spec }) => {
    const shapes = {
      absent: undefined,
      scalar: [],
      row: [columns],
      column: [BATCH, 1],
      matrix: [BATCH, columns],
    };
    return gemm({ ...spec, columns, name: `at random, bias: ${bias}`, bias: shapes[bias] });
  });

/** The batch's letter and a few others; every operand is some of them in some order, and so is the result. */
const LETTERS = ['b', 'i', 'j', 'k'] as const;

const contractions = fc
  .record({
    sizes: fc.array(upTo(3), { minLength: 4, maxLength: 4 }),
    terms: fc.array(fc.shuffledSubarray([...LETTERS], { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 3,
    }),
    result: fc.option(fc.shuffledSubarray([...LETTERS]), { nil: undefined }),
    spaces: fc.boolean(),
  })
  .map(({ sizes, terms, result, spaces }) => {
    // The batch axis comes first wherever it occurs, and the first operand has it.
    const operands = terms.map((term, i) => [
      ...(i === 0 || term.includes('b') ? ['b'] : []),
      ...term.filter((letter) => letter !== 'b'),
    ]);
    const kept = result?.filter((letter) => operands.flat().includes(letter));
    const shape = (term: readonly string[]): Dimension[] =>
      term.map((letter) => (letter === 'b' ? BATCH : sizes[LETTERS.indexOf(letter as 'i')]!));
    const left = operands.map((term) => term.join('')).join(spaces ? ' , ' : ',');
    // ONNX Runtime takes capital letters in the explicit form only.
    const equation = kept === undefined ? left : `${left}->${kept.join('')}`.replaceAll('j', 'J');
    return einsum(equation, operands.map(shape), `${equation} at random`);
  });

/** Products of matrices and tensors. */
export const linearArbitraries: OperatorArbitraries = {
  Einsum: { functions: contractions, runs: 60 },
  Gemm: { functions: gemms, runs: 30 },
  MatMul: { functions: products, runs: 30 },
};
