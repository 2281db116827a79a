import { floatAttribute, intAttribute, intsAttribute } from '../../../graph/autodiff/attributes.js';
import { axisOf, swapped, tensorAt, unrecorded, unsupported, type Call, type Operator } from '../call.js';
import { tf } from '../tf.js';
import { Value } from '../value.js';

/** A vector shaped to be combined with an image whose channels it holds a number of. */
const perChannel = (vector: tf.Tensor, rank: number, last: boolean): tf.Tensor =>
  last ? vector : tf.reshape(vector, [1, -1, ...Array.from({ length: rank - 2 }, () => 1)]);

function batchNormalization(call: Call): Value {
  const { node, inputs } = call;
  if (intAttribute(node, 'training_mode', 0) === 1) throw unsupported(node, 'it is in training mode');
  const value = inputs[0]!;
  const along = (index: number): tf.Tensor => perChannel(tensorAt(call, index), value.rank, value.isImage);
  return value.map((x) => {
    const deviation = tf.sqrt(tf.add(along(4), floatAttribute(node, 'epsilon', 1e-5)));
    return tf.add(tf.mul(tf.div(tf.sub(x, along(3)), deviation), along(1)), along(2));
  });
}

/** (x - mean) / sqrt(variance + epsilon) over some axes. */
function standardised(x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, axes, true));
  return tf.div(centred, tf.sqrt(tf.add(tf.mean(tf.square(centred), axes, true), epsilon)));
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

function layerNormalization(call: Call): Value {
  const { node, inputs, outputCount } = call;
  if (outputCount > 1) throw unsupported(node, 'its mean and deviation are asked for');
  const x = tensorAt(call, 0);
  const axes = range(axisOf(intAttribute(node, 'axis', -1), x.rank), x.rank);
  const scaled = tf.mul(standardised(x, axes, floatAttribute(node, 'epsilon', 1e-5)), tensorAt(call, 1));
  return Value.of(inputs[2] === undefined ? scaled : tf.add(scaled, inputs[2].tensor));
}

function instanceNormalization(call: Call): Value {
  const x = tensorAt(call, 0);
  const along = (index: number): tf.Tensor => perChannel(tensorAt(call, index), x.rank, false);
  const normal = standardised(x, range(2, x.rank), floatAttribute(call.node, 'epsilon', 1e-5));
  return Value.of(tf.add(tf.mul(normal, along(1)), along(2)));
}

/** Over a window of neighbouring channels. */
function localResponse({ node, inputs }: Call): Value {
  const x = inputs[0]!.tensor;
  const size = intAttribute(node, 'size', 1);
  const before = Math.floor((size - 1) / 2);
  const padding = x.shape.map((_size, i): [number, number] =>
    i === 1 ? [before, size - 1 - before] : [0, 0],
  );
  const squares = tf.pad(tf.square(x), padding);
  const window = range(0, size).map((offset) =>
    tf.slice(
      squares,
      x.shape.map((_size, i) => (i === 1 ? offset : 0)),
      x.shape,
    ),
  );
  const sum = window.reduce((total, part) => tf.add(total, part));
  const scaled = tf.mul(sum, floatAttribute(node, 'alpha', 1e-4) / size);
  const base = tf.add(scaled, floatAttribute(node, 'bias', 1));
  return Value.of(tf.div(x, tf.pow(base, floatAttribute(node, 'beta', 0.75))));
}

/** The square root of a sum of squares, with a gradient of zeros where that is zero. */
export function root(sum: tf.Tensor): tf.Tensor {
  const positive = unrecorded(() => tf.greater(sum, 0));
  return tf.mul(
    tf.sqrt(tf.where(positive, sum, tf.onesLike(sum))),
    unrecorded(() => tf.cast(positive, 'float32')),
  );
}

function lpNormalization({ node, inputs }: Call): Value {
  const x = inputs[0]!.tensor;
  const axis = axisOf(intAttribute(node, 'axis', -1), x.rank);
  const norm =
    intAttribute(node, 'p', 2) === 1 ? tf.sum(tf.abs(x), axis, true) : root(tf.sum(tf.square(x), axis, true));
  return Value.of(tf.div(x, tf.maximum(norm, Number.MIN_VALUE)));
}

/** A function of vectors along the last axis, along whichever axis is meant. */
const alongAxis = (apply: (x: tf.Tensor) => tf.Tensor): Operator => ({
  run: ({ node, inputs }) => {
    const x = inputs[0]!.tensor;
    const axis = axisOf(intAttribute(node, 'axis', -1), x.rank);
    if (axis === x.rank - 1) return Value.of(apply(x));
    const order = swapped(x.rank, axis);
    return Value.of(tf.transpose(apply(tf.transpose(x, order)), order));
  },
});

export const normalization: Readonly<Record<string, Operator>> = {
  BatchNormalization: { run: batchNormalization },
  InstanceNormalization: { run: instanceNormalization },
  LRN: { run: localResponse },
  LayerNormalization: { run: layerNormalization },
  LogSoftmax: alongAxis((x) => tf.logSoftmax(x)),
  LpNormalization: { run: lpNormalization },
  MeanVarianceNormalization: {
    run: ({ node, inputs }) =>
      Value.of(standardised(inputs[0]!.tensor, [...(intsAttribute(node, 'axes') ?? [0, 2, 3])], 1e-9)),
  },
  Softmax: alongAxis((x) => tf.softmax(x)),
};
