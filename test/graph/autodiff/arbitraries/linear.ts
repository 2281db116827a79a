import fc from 'fast-check';
import { BATCH } from '../../../../src/graph/ir.js';
import type { TestFunction } from '../test-function.js';
import { upTo, type OperatorArbitraries } from './arbitrary.js';

const products = fc
  .record({
    stack: fc.array(upTo(3, 2), { maxLength: 2 }),
    sizes: fc.tuple(upTo(4), upTo(4), upTo(4)),
    plain: fc.boolean(),
  })
  .map(({ stack, sizes: [rows, inner, columns], plain }): TestFunction => ({
    name: 'MatMul at random',
    inputs: {
      a: { dims: [BATCH, ...stack, rows, inner] },
      b: { dims: plain ? [inner, columns] : [...stack, inner, columns] },
    },
    build: (builder) => builder.add('MatMul', ['a', 'b']),
  }));

/** Products of matrices and tensors. */
export const linearArbitraries: OperatorArbitraries = { MatMul: { functions: products, runs: 20 } };
