import fc from 'fast-check';
import { BATCH, type Dimension } from '../../../../src/graph/ir.js';
import type { TestFunction } from '../test-function.js';
import { upTo, type OperatorArbitraries } from './arbitrary.js';

/** Two shapes that broadcast: each of up to three axes is dropped, 1 or whole in either input, the batch in at least one. */
const broadcasts = (op: string) =>
  fc
    .record({
      sizes: fc.array(upTo(3, 2), { maxLength: 2 }),
      ones: fc.tuple(
        fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
        fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
      ),
      dropped: fc.tuple(upTo(3, 0), upTo(3, 0)),
    })
    .map(({ sizes, ones, dropped }): TestFunction => {
      const full: Dimension[] = [BATCH, ...sizes];
      const [a, b] = [0, 1].map((input) =>
        full
          .map((dim, axis) => (ones[input as 0 | 1][axis] === true ? 1 : dim))
          .slice(dropped[input as 0 | 1]),
      );
      return {
        name: `${op} at random`,
        inputs: { a: { dims: a! }, b: { dims: b! }, x: { dims: [BATCH, 1] } },
        build: (builder) =>
          builder.add('Mul', [builder.add(op, ['a', 'b']), builder.add('ReduceSum', ['x'])]),
      };
    });

/** Element-wise operators of several inputs. */
export const arithmeticArbitraries: OperatorArbitraries = Object.fromEntries(
  ['Add', 'Sub', 'Mul', 'Max', 'Min'].map((op) => [op, { functions: broadcasts(op) }]),
);
