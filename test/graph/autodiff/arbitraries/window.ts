import fc from 'fast-check';
import { convolution } from '../cases/convolution.js';
import { pooling } from '../cases/pooling.js';
import { pair, upTo, type OperatorArbitraries } from './arbitrary.js';

const convolutions = fc
  .record({
    image: pair(8, 4),
    perGroup: upTo(2),
    filtersPerGroup: upTo(2),
    groups: upTo(3),
    kernel: pair(3),
    strides: pair(3),
    dilations: pair(2),
    pads: fc.tuple(upTo(2, 0), upTo(2, 0), upTo(2, 0), upTo(2, 0)),
    bias: fc.boolean(),
  })
  .filter(({ image, kernel, dilations, pads }) =>
    image.every(
      (size, axis) => size + pads[axis]! + pads[axis + 2]! > dilations[axis]! * (kernel[axis]! - 1),
    ),
  )
  .map(({ perGroup, filtersPerGroup, groups, ...spec }) =>
    convolution({
      ...spec,
      ...{ name: 'at random', groups, channels: perGroup * groups, filters: filtersPerGroup * groups },
    }),
  );

/** Padding must be smaller than the kernel, or a window could see nothing. */
const poolings = (op: 'MaxPool' | 'AveragePool') =>
  fc
    .record({
      ...{
        image: pair(7, 3),
        kernel: pair(3),
        strides: pair(3),
        pads: fc.tuple(upTo(2, 0), upTo(2, 0), upTo(2, 0), upTo(2, 0)),
      },
      ...{ includePad: op === 'MaxPool' ? fc.constant(false) : fc.boolean() },
    })
    .map(({ pads, ...spec }) => {
      const fitting = pads.map((pad, i) => Math.min(pad, spec.kernel[i % 2]! - 1));
      return pooling(op, { ...spec, name: 'at random', pads: fitting });
    });

/** Operators with a sliding window. */
export const windowArbitraries: OperatorArbitraries = {
  Conv: { functions: convolutions, runs: 60 },
  MaxPool: { functions: poolings('MaxPool'), runs: 30 },
  AveragePool: { functions: poolings('AveragePool'), runs: 30 },
};
