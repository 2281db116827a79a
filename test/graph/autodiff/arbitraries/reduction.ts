import fc from 'fast-check';
import { BATCH, type Dimension } from '../../../../src/graph/ir.js';
import { reduction, reductionOperators, topK } from '../cases/reduction.js';
import { upTo, type OperatorArbitraries } from './arbitrary.js';

const shapes = fc.array(upTo(4), { maxLength: 3 }).map((rest): Dimension[] => [BATCH, ...rest]);

const reductions = (op: string) =>
  shapes.chain((dims) =>
    fc
      .record({
        chosen: fc.option(fc.subarray([...dims.keys()], { minLength: 1 }), { nil: undefined }),
        negative: fc.boolean(),
        keepdims: upTo(1, 0),
      })
      .map(({ chosen, negative, keepdims }) => {
        const axes = chosen?.map((axis) => (negative ? axis - dims.length : axis));
        return reduction(op, { name: 'at random', dims, axes, keepdims });
      }),
  );

const selections = fc
  .record({
    before: fc.array(upTo(3), { maxLength: 2 }),
    size: upTo(6),
    after: fc.array(upTo(3), { maxLength: 1 }),
  })
  .chain(({ before, size, after }) =>
    fc
      .record({ k: upTo(size), negative: fc.boolean(), largest: upTo(1, 0), sorted: upTo(1, 0) })
      .map(({ negative, ...spec }) => {
        const axis = negative ? -1 - after.length : 1 + before.length;
        return topK({ ...spec, name: 'at random', dims: [BATCH, ...before, size, ...after], axis });
      }),
  );

/** Reductions over axes, and selection along one. */
export const reductionArbitraries: OperatorArbitraries = {
  ...Object.fromEntries(reductionOperators.map((op) => [op, { functions: reductions(op) }])),
  TopK: { functions: selections },
};
