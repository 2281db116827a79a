import fc from 'fast-check';
import { string } from '../../../../src/graph/builder.js';
import type { TestFunction } from '../test-function.js';
import type { OperatorArbitraries } from './arbitrary.js';
import { batched, exampleDims } from './shapes.js';

/** Amounts before and after one axis: at least one element is left, and reflection goes no farther than the line does. */
const amounts = (size: number, mode: string): fc.Arbitrary<[number, number]> =>
  fc
    .tuple(fc.integer({ min: 1 - size, max: 4 }), fc.integer({ min: 1 - size, max: 4 }))
    .filter(([before, after]) => {
      const left = size + Math.min(before, 0) + Math.min(after, 0);
      return left >= 1 && (mode !== 'reflect' || Math.max(before, after) <= left - 1);
    });

const padded = fc
  .tuple(exampleDims(3, 1), fc.constantFrom('constant', 'edge', 'reflect'))
  .chain(([dims, mode]) =>
    fc.record({
      dims: fc.constant(dims),
      mode: fc.constant(mode),
      sides: fc.tuple(...dims.map((size) => amounts(size, mode))),
      value: fc.boolean(),
    }),
  )
  .map(({ dims, mode, sides, value }): TestFunction => {
    const pads = [0, ...sides.map(([before]) => before), 0, ...sides.map(([, after]) => after)];
    return {
      name: `Pad of ${dims.join(', ')} by ${pads.join(', ')}, mode ${mode}`,
      inputs: { x: { dims: batched(dims) } },
      build: (builder) =>
        builder.add('Pad', ['x', builder.ints(pads), ...(value ? [builder.scalar(0.5)] : [])], {
          mode: string(mode),
        }),
    };
  });

/** Operators that add elements at the ends of axes. */
export const paddingArbitraries: OperatorArbitraries = { Pad: { functions: padded, runs: 60 } };
