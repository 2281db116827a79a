import { int } from '../../../../src/graph/builder.js';
import { BATCH, type Dimension } from '../../../../src/graph/ir.js';
import type { TestFunction } from '../test-function.js';

export const softmaxOperators = ['Softmax', 'LogSoftmax'] as const;

/** Softmax or its logarithm along one axis, the last by default, of `scale` times the input. */
export function softmax(op: string, dims: readonly Dimension[], axis?: number, scale = 1): TestFunction {
  const along = axis === undefined ? '' : ` along axis ${axis}`;
  return {
    name: `${op} of rank ${dims.length}${along}${scale === 1 ? '' : ` at ${scale} times the values`}`,
    inputs: { x: { dims } },
    build: (builder) => {
      const logits = scale === 1 ? 'x' : builder.add('Mul', ['x', builder.scalar(scale)]);
      return builder.add(op, [logits], axis === undefined ? {} : { axis: int(axis) });
    },
  };
}

/** Along the first axis, with the examples side by side. */
const transposed = (op: string): TestFunction => ({
  name: `${op} along axis 0, the examples last`,
  inputs: { x: { dims: [BATCH, 5] } },
  build: (builder) => builder.add(op, [builder.add('Transpose', ['x'])], { axis: int(0) }),
});

export const softmaxCases: readonly TestFunction[] = softmaxOperators.flatMap((op) => [
  softmax(op, [BATCH, 5]),
  softmax(op, [BATCH, 1]),
  softmax(op, [BATCH, 5], 0),
  softmax(op, [BATCH, 5], -1, 8),
  softmax(op, [BATCH, 3, 4], 1),
  softmax(op, [BATCH, 3, 4], -1),
  softmax(op, [BATCH, 2, 3, 4], 1),
  softmax(op, [BATCH, 2, 3, 4], -2),
  softmax(op, [BATCH, 2, 3, 4], 3),
  transposed(op),
]);
