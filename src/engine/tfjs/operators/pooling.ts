import { floatAttribute, intAttribute, intsAttribute } from '../../../graph/autodiff/attributes.js';
import { unrecorded, unsupported, type Call, type Operator } from '../call.js';
import { tf } from '../tf.js';
import { Value } from '../value.js';
import { asImage, ceilingOf, fromImage, padImage, paddingOf, pair, type Padding } from './window.js';

/** Below every number that a network computes, and still a number: infinity times nothing is not one. */
const LOWEST = -3.4e38;

function windowOf(call: Call) {
  const { node } = call;
  const { image, rank } = asImage(call);
  if (intsAttribute(node, 'dilations')?.some((by) => by !== 1) === true)
    throw unsupported(node, 'its windows are dilated');
  const size = pair(intsAttribute(node, 'kernel_shape'), 1);
  const strides = pair(intsAttribute(node, 'strides'), 1);
  const padding = paddingOf(node, image, size, strides);
  const beyond = ceilingOf(node, image, padding, size, strides);
  return { image, rank, size, strides, padding, beyond };
}

const wider = ([top, left, bottom, right]: Padding, [down, along]: readonly [number, number]): Padding => [
  top,
  left,
  bottom + down,
  right + along,
];

function maxPool(call: Call): Value {
  if (call.outputCount > 1) throw unsupported(call.node, 'its indices are asked for');
  const { image, rank, size, strides, padding, beyond } = windowOf(call);
  const padded = padImage(image, wider(padding, beyond), LOWEST);
  return fromImage(tf.maxPool(padded, size, strides, 'valid'), rank);
}

/** The mean over a window, over those of its elements that count. */
function averagePool(call: Call): Value {
  const { node } = call;
  const { image, rank, size, strides, padding, beyond } = windowOf(call);
  const whole = wider(padding, beyond);
  const means = tf.avgPool(padImage(image, whole, 0), size, strides, 'valid');
  const counted = intAttribute(node, 'count_include_pad', 0) === 1 ? wider(padding, [0, 0]) : undefined;
  const left = counted === undefined ? whole : wider([0, 0, 0, 0], beyond);
  if (left.every((pad) => pad === 0)) return fromImage(means, rank);
  const shares = unrecorded(() => {
    const [, height, width] = image.shape;
    const [top, side, bottom, other] = counted ?? [0, 0, 0, 0];
    const ones = tf.ones([1, height + top + bottom, width + side + other, 1]);
    return tf.avgPool(padImage(ones as tf.Tensor4D, left, 0), size, strides, 'valid');
  });
  return fromImage(tf.div(means, shares), rank);
}

/** The axes behind batch and channels. */
const spatial = (rank: number): number[] => Array.from({ length: rank - 2 }, (_, i) => i + 2);

const overAll = (apply: (x: tf.Tensor, axes: number[], call: Call) => tf.Tensor): Operator => ({
  run: (call) => {
    const value = call.inputs[0]!;
    return value.isImage
      ? Value.channelsLast(apply(value.image, [1, 2], call))
      : Value.of(apply(value.tensor, spatial(value.rank), call));
  },
});

export const pooling: Readonly<Record<string, Operator>> = {
  AveragePool: { run: averagePool },
  GlobalAveragePool: overAll((x, axes) => tf.mean(x, axes, true)),
  GlobalLpPool: overAll((x, axes, { node }) => {
    const p = floatAttribute(node, 'p', intAttribute(node, 'p', 2));
    return tf.pow(tf.sum(tf.pow(tf.abs(x), p), axes, true), 1 / p);
  }),
  GlobalMaxPool: overAll((x, axes) => tf.max(x, axes, true)),
  MaxPool: { run: maxPool },
};
