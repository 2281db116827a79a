import { float, int, ints } from '../../../../src/graph/builder.js';
import { BATCH } from '../../../../src/graph/ir.js';
import type { TestFunction } from '../test-function.js';
import { positive } from './arithmetic.js';

const axesChoices: readonly (readonly number[])[] = [[1], [-1], [1, 2], [0], [0, 2], []];

/** Axes are an input of ReduceSum and an attribute of the others in operator set 17. */
const reductions = ['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin'].flatMap((op) =>
  axesChoices.flatMap((axes) =>
    [0, 1].map((keepdims): TestFunction => ({
      name: `${op} over ${axes.length === 0 ? 'all axes' : `axes ${axes.join(', ')}`}, ${keepdims === 1 ? 'kept' : 'dropped'}`,
      inputs: { x: { dims: [BATCH, 3, 4] } },
      build: (builder) => {
        const attributes = { keepdims: int(keepdims) };
        if (axes.length === 0) return builder.add(op, ['x'], attributes);
        if (op === 'ReduceSum') return builder.add(op, ['x', builder.ints(axes)], attributes);
        return builder.add(op, ['x'], { ...attributes, axes: ints(axes) });
      },
    })),
  ),
);

export const reductionCases: readonly TestFunction[] = [
  ...reductions,
  {
    name: 'ReduceSum over no axes at all',
    inputs: { x: { dims: [BATCH, 3] } },
    build: (builder) => builder.add('ReduceSum', ['x'], { noop_with_empty_axes: int(1) }),
  },
  ...['Softmax', 'LogSoftmax'].flatMap((op) => [
    { name: op, inputs: { x: { dims: [BATCH, 5] } }, build: (b) => b.add(op, ['x']) } satisfies TestFunction,
    {
      name: `${op} along an inner axis`,
      inputs: { x: { dims: [BATCH, 3, 4] } },
      build: (b) => b.add(op, ['x'], { axis: int(1) }),
    } satisfies TestFunction,
  ]),
  ...[
    [BATCH, 3],
    [BATCH, 3, 2],
    [BATCH, 3, 2, 2],
  ].map((dims): TestFunction => ({
    name: `BatchNormalization of rank ${dims.length}`,
    inputs: {
      x: { dims },
      scale: { dims: [3] },
      bias: { dims: [3] },
      mean: { dims: [3] },
      variance: { dims: [3], sample: positive },
    },
    build: (b) =>
      b.add('BatchNormalization', ['x', 'scale', 'bias', 'mean', 'variance'], { epsilon: float(1e-3) }),
  })),
];
