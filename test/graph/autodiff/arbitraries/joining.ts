import fc from 'fast-check';
import { int } from '../../../../src/graph/builder.js';
import type { Dimension } from '../../../../src/graph/ir.js';
import type { TestFunction } from '../test-function.js';
import { upTo, type OperatorArbitraries } from './arbitrary.js';
import { axisOf, batched, exampleDims } from './shapes.js';

const front = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

const concatenated = exampleDims(3)
  .chain((dims) =>
    fc.record({
      dims: fc.constant(dims),
      axis: axisOf(dims.length + 1),
      lengths: fc.array(upTo(3), { minLength: 1, maxLength: 4 }),
    }),
  )
  .map(({ dims, axis, lengths }): TestFunction => {
    const whole = batched(dims);
    const place = front(axis, whole.length);
    const part = (length: number): Dimension[] => (place === 0 ? whole : whole.with(place, length));
    return {
      name: `Concat of ${lengths.join(', ')} along ${axis}`,
      inputs: Object.fromEntries(lengths.map((length, i) => [`x${i}`, { dims: part(length) }])),
      build: (builder) =>
        builder.add(
          'Concat',
          lengths.map((_, i) => `x${i}`),
          { axis: int(axis) },
        ),
    };
  });

/** Of the parts, those named are read: the others get no gradient. */
const split = exampleDims(3, 1)
  .chain((dims) =>
    fc.record({
      dims: fc.constant(dims),
      axis: axisOf(dims.length + 1, 1),
      lengths: fc.array(upTo(3), { minLength: 1, maxLength: 4 }),
      equal: fc.boolean(),
      first: fc.boolean(),
    }),
  )
  .map(({ dims, axis, lengths, equal, first }): TestFunction => {
    const sizes = equal ? lengths.map(() => lengths[0]!) : lengths;
    const whole = batched(dims);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    return {
      name: `Split into ${sizes.join(', ')} along ${axis}`,
      inputs: { x: { dims: whole.with(front(axis, whole.length), total) } },
      build: (builder) => {
        const inputs = equal ? ['x'] : ['x', builder.ints(sizes)];
        const parts = builder.addMany('Split', inputs, sizes.length, { axis: int(axis) });
        return first ? parts[0]! : parts;
      },
    };
  });

/** Operators that put tensors together or take them apart. */
export const joiningArbitraries: OperatorArbitraries = {
  Concat: { functions: concatenated, runs: 20 },
  Split: { functions: split, runs: 20 },
};
