import { intAttribute, intsAttribute, stringAttribute } from '../../../graph/autodiff/attributes.js';
import type { Node } from '../../../graph/ir.js';
import { tensorAt, type Call, type Operator } from '../call.js';
import { tf } from '../tf.js';
import type { Value } from '../value.js';
import { asImage, fromImage, padImage, paddingOf, pair } from './window.js';

/** A filter with zeros between its elements: gradients of dilated convolutions are not in TensorFlow.js. */
function dilated(filter: tf.Tensor, [down, right]: readonly [number, number]): tf.Tensor {
  const spread = (x: tf.Tensor, axis: number, by: number): tf.Tensor => {
    const length = x.shape[axis]!;
    if (by === 1 || length === 1) return x;
    const wide = x.shape.map((size, i) => (i === axis ? size * by : size));
    const apart = [...x.shape.slice(0, axis + 1), 1, ...x.shape.slice(axis + 1)];
    const padding = apart.map((_size, i): [number, number] => (i === axis + 1 ? [0, by - 1] : [0, 0]));
    const all = tf.reshape(tf.pad(tf.reshape(x, apart), padding), wide);
    const last = wide.map((size, i) => (i === axis ? size - (by - 1) : size));
    return tf.slice(
      all,
      Array.from({ length: x.rank }, () => 0),
      last,
    );
  };
  return spread(spread(filter, 2, down), 3, right);
}

/** The filter of a convolution over one axis as one over two. */
const over2d = (filter: tf.Tensor): tf.Tensor => (filter.rank === 3 ? tf.expandDims(filter, 2) : filter);

const isDepthwise = (node: Node, filter: tf.Tensor): boolean =>
  intAttribute(node, 'group', 1) > 1 && filter.shape[1] === 1;

/** [O, I / g, h, w] as TensorFlow.js takes it: [h, w, I, O], or [h, w, I, O / I] where every channel has filters of its own. */
function convFilter(node: Node, weight: tf.Tensor): tf.Tensor {
  const filter = dilated(over2d(weight), pair(intsAttribute(node, 'dilations'), 1));
  if (!isDepthwise(node, filter)) return tf.transpose(filter, [2, 3, 1, 0]);
  const groups = intAttribute(node, 'group', 1);
  const [out, , height, width] = filter.shape as [number, number, number, number];
  return tf.transpose(tf.reshape(filter, [groups, out / groups, height, width]), [2, 3, 0, 1]);
}

function conv(call: Call): Value {
  const { node, inputs, prepared } = call;
  const weight = tensorAt(call, 1);
  const { image, rank } = asImage(call);
  const filter = (prepared[0] ?? convFilter(node, weight)) as tf.Tensor4D;
  const [height, width] = filter.shape;
  const strides = pair(intsAttribute(node, 'strides'), 1);
  const padded = padImage(image, paddingOf(node, image, [height, width], strides), 0);
  const depthwise = isDepthwise(node, over2d(weight));
  const result: tf.Tensor4D = depthwise
    ? tf.depthwiseConv2d<tf.Tensor4D>(padded, filter, strides, 'valid', 'NHWC')
    : grouped(padded, filter, intAttribute(node, 'group', 1), (x, f) =>
        tf.conv2d<tf.Tensor4D>(x, f, strides, 'valid', 'NHWC'),
      );
  const bias = inputs[2]?.tensor;
  return fromImage(bias === undefined ? result : tf.add<tf.Tensor>(result, bias), rank);
}

/** Every group of channels with its own part of the filter, whose last axis holds the results of all. */
function grouped(
  image: tf.Tensor4D,
  filter: tf.Tensor4D,
  groups: number,
  apply: (image: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor4D {
  if (groups === 1) return apply(image, filter);
  const images = tf.split<tf.Tensor4D>(image, groups, 3);
  return tf.concat(
    tf.split<tf.Tensor4D>(filter, groups, 3).map((part, i) => apply(images[i]!, part)),
    3,
  );
}

/** [I, O / g, h, w] as TensorFlow.js takes it: [h, w, O / g, I]. */
const transposedFilter = (node: Node, weight: tf.Tensor): tf.Tensor =>
  tf.transpose(dilated(over2d(weight), pair(intsAttribute(node, 'dilations'), 1)), [2, 3, 1, 0]);

function convTranspose(call: Call): Value {
  const { node, inputs, prepared } = call;
  const weight = tensorAt(call, 1);
  const { image, rank } = asImage(call);
  const filter = (prepared[0] ?? transposedFilter(node, weight)) as tf.Tensor4D;
  const [height, width, channels] = filter.shape;
  const strides = pair(intsAttribute(node, 'strides'), 1);
  const [batch, rows, columns] = image.shape;
  const full = [(rows - 1) * strides[0] + height, (columns - 1) * strides[1] + width] as [number, number];
  const whole = grouped(image, filter, intAttribute(node, 'group', 1), (x, f) =>
    tf.conv2dTranspose(x, f, [batch, ...full, channels], strides, 'valid'),
  );
  const cropped = crop(node, whole, [rows, columns], strides);
  const bias = inputs[2]?.tensor;
  return fromImage(bias === undefined ? cropped : tf.add<tf.Tensor>(cropped, bias), rank);
}

/** What is left of the full result when the padding is taken off and the extra rows and columns are put on. */
function crop(
  node: Node,
  whole: tf.Tensor4D,
  input: readonly [number, number],
  strides: readonly [number, number],
): tf.Tensor4D {
  const extra = pair(intsAttribute(node, 'output_padding'), 0);
  const [before, after] = [0, 1].map((end) => {
    const pads = intsAttribute(node, 'pads') ?? [];
    const half = pads.length / 2;
    return pair(pads.length === 0 ? undefined : pads.slice(end * half, (end + 1) * half), 0);
  }) as [[number, number], [number, number]];
  const automatic = stringAttribute(node, 'auto_pad', 'NOTSET');
  const same = automatic.startsWith('SAME') ? input.map((size, i) => size * strides[i]!) : undefined;
  const asked = intsAttribute(node, 'output_shape')?.slice(-2) ?? same;
  const wanted = asked === undefined ? undefined : pair(asked, 1);
  const spans = [0, 1].map((i) => {
    const full = whole.shape[i + 1]!;
    if (wanted === undefined) return { from: before[i]!, length: full + extra[i]! - before[i]! - after[i]! };
    const total = Math.max(0, full + extra[i]! - wanted[i]!);
    const less = Math.floor(total / 2);
    return { from: automatic === 'SAME_UPPER' ? less : total - less, length: wanted[i]! };
  });
  const [down, right] = spans.map(({ from, length }, i) =>
    Math.max(0, from + length - whole.shape[i + 1]!),
  ) as [number, number];
  return tf.slice4d(
    padImage(whole, [0, 0, down, right], 0),
    [0, spans[0]!.from, spans[1]!.from, 0],
    [-1, spans[0]!.length, spans[1]!.length, -1],
  );
}

const preparedFilter =
  (rearrange: (node: Node, weight: tf.Tensor) => tf.Tensor): NonNullable<Operator['prepare']> =>
  (node, [, weight]) =>
    weight === undefined || weight.rank > 4 ? [] : [rearrange(node, weight)];

export const convolution: Readonly<Record<string, Operator>> = {
  Conv: { run: conv, prepare: preparedFilter(convFilter) },
  ConvTranspose: { run: convTranspose, prepare: preparedFilter(transposedFilter) },
};
