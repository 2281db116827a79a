import fc from 'fast-check';
import { BATCH } from '../../../../src/graph/ir.js';
import { softmax, softmaxOperators } from '../cases/softmax.js';
import { upTo, type OperatorArbitraries } from './arbitrary.js';

/** Any axis but the examples' own, of up to four. */
const functions = (op: string) =>
  fc
    .record({
      sizes: fc.array(upTo(5), { minLength: 1, maxLength: 3 }),
      place: fc.nat(),
      fromBack: fc.boolean(),
      scale: fc.constantFrom(1, 3),
    })
    .map(({ sizes, place, fromBack, scale }) => {
      const axis = 1 + (place % sizes.length);
      return softmax(op, [BATCH, ...sizes], fromBack ? axis - sizes.length - 1 : axis, scale);
    });

export const softmaxArbitraries: OperatorArbitraries = Object.fromEntries(
  softmaxOperators.map((op) => [op, { functions: functions(op), runs: 20 }]),
);
