import { string } from '../../../../src/graph/builder.js';
import { BATCH } from '../../../../src/graph/ir.js';
import type { TestFunction } from '../test-function.js';

const image = { x: { dims: [BATCH, 2, 3, 4] } };

/** Operators that add elements at the ends of axes. */
export const paddingCases: readonly TestFunction[] = [
  {
    name: 'Pad on all sides',
    inputs: image,
    build: (builder) => builder.add('Pad', ['x', builder.ints([0, 1, 2, 0, 0, 0, 1, 3])]),
  },
  {
    name: 'Pad with a value, cropping one side',
    inputs: image,
    build: (builder) =>
      builder.add('Pad', ['x', builder.ints([0, 0, -1, 2, 0, 0, 1, -2]), builder.scalar(5)]),
  },
  ...['edge', 'reflect'].flatMap((mode) =>
    [
      [0, 0, 2, 1, 0, 0, 0, 3],
      [0, 1, 0, -1, 0, 0, 2, 2],
      [0, 0, 0, 1, 0, 0, 0, -2],
    ].map((pads): TestFunction => ({
      name: `Pad by ${pads.join(', ')}, mode ${mode}`,
      inputs: image,
      build: (builder) => builder.add('Pad', ['x', builder.ints(pads)], { mode: string(mode) }),
    })),
  ),
];
