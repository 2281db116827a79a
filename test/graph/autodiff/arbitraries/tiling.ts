import fc from 'fast-check';
import type { TestFunction } from '../test-function.js';
import { upTo, type OperatorArbitraries } from './arbitrary.js';
import { batched, exampleDims } from './shapes.js';

const tiled = exampleDims(3)
  .chain((dims) =>
    fc.tuple(
      fc.constant(dims),
      fc.array(upTo(3), { minLength: dims.length + 1, maxLength: dims.length + 1 }),
    ),
  )
  .map(([dims, repeats]): TestFunction => ({
    name: `Tile by ${repeats.join(', ')}`,
    inputs: { x: { dims: batched(dims) } },
    build: (builder) => builder.add('Tile', ['x', builder.ints(repeats)]),
  }));

/** Of a weight, to the shape of examples or to one that is written out; each of its axes is 1 or whole, leading ones absent. */
const expanded = exampleDims(3, 1)
  .chain((dims) =>
    fc.record({
      dims: fc.constant(dims),
      ones: fc.array(fc.boolean(), { minLength: dims.length, maxLength: dims.length }),
      dropped: fc.integer({ min: 0, max: dims.length }),
      runTime: fc.boolean(),
    }),
  )
  .map(({ dims, ones, dropped, runTime }): TestFunction => ({
    name: `Expand to ${dims.join(', ')}`,
    inputs: {
      x: { dims: batched(dims) },
      w: { dims: dims.map((dim, i) => (ones[i] === true ? 1 : dim)).slice(dropped) },
    },
    build: (builder) => {
      const target = runTime ? builder.add('Shape', ['x']) : builder.ints(dims);
      return builder.add('Mul', ['x', builder.add('Expand', ['w', target])]);
    },
  }));

/** Operators that repeat their input. */
export const tilingArbitraries: OperatorArbitraries = {
  Tile: { functions: tiled, runs: 20 },
  Expand: { functions: expanded, runs: 20 },
};
