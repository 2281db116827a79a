import { intAttribute, intsAttribute, stringAttribute } from '../../../graph/autodiff/attributes.js';
import { dataTypes } from '../../../graph/onnx/data-type.js';
import { elementCount } from '../../../tensor/tensor.js';
import {
  axisOf,
  broadcastShape,
  broadcastTo,
  numbersAt,
  swapped,
  tensorAt,
  unsupported,
  type Call,
  type Operator,
} from '../call.js';
import { toTf } from '../tensors.js';
import { tf } from '../tf.js';
import { Value } from '../value.js';
import { dtypeOf } from './elementwise.js';

const whole = (values: readonly number[]): Value => Value.of(tf.tensor1d([...values], 'int32'));

function reshape(call: Call): Value {
  const x = tensorAt(call, 0);
  const keepsZero = intAttribute(call.node, 'allowzero', 0) === 1;
  const dims = numbersAt(call, 1)!.map((dim, i) => (dim === 0 && !keepsZero ? x.shape[i]! : dim));
  return Value.of(tf.reshape(x, dims));
}

function flatten(call: Call): Value {
  const x = tensorAt(call, 0);
  const rows = elementCount(x.shape.slice(0, axisOf(intAttribute(call.node, 'axis', 1), x.rank)));
  return Value.of(tf.reshape(x, [rows, rows === 0 ? 0 : x.size / rows]));
}

function squeeze(call: Call): Value {
  const x = tensorAt(call, 0);
  const given = numbersAt(call, 1) ?? intsAttribute(call.node, 'axes');
  const axes = given?.map((axis) => axisOf(axis, x.rank));
  const dims = x.shape.filter((size, i) => (axes === undefined ? size !== 1 : !axes.includes(i)));
  return Value.of(tf.reshape(x, dims));
}

function unsqueeze(call: Call): Value {
  const x = tensorAt(call, 0);
  const given = numbersAt(call, 1) ?? intsAttribute(call.node, 'axes') ?? [];
  const rank = x.rank + given.length;
  const added = new Set(given.map((axis) => axisOf(axis, rank)));
  const sizes = [...x.shape];
  return Value.of(
    tf.reshape(
      x,
      Array.from({ length: rank }, (_, i) => (added.has(i) ? 1 : sizes.shift()!)),
    ),
  );
}

function transpose(call: Call): Value {
  const value = call.inputs[0]!;
  const order =
    intsAttribute(call.node, 'perm') ?? Array.from({ length: value.rank }, (_, i) => value.rank - 1 - i);
  // A change of layout that is there already.
  if (order.join() === '0,2,3,1') return Value.of(value.image);
  if (order.join() === '0,3,1,2') return Value.channelsLast(value.tensor);
  return Value.of(tf.transpose(value.tensor, [...order]));
}

function concat({ node, inputs }: Call): Value {
  const values = inputs.map((value) => value!);
  const axis = axisOf(intAttribute(node, 'axis', 0), values[0]!.rank);
  if (values.length === 1) return values[0]!;
  if (axis === 1 && values.every((value) => value.isImage))
    return Value.channelsLast(
      tf.concat(
        values.map((value) => value.image),
        3,
      ),
    );
  return Value.of(
    tf.concat(
      values.map((value) => value.tensor),
      axis,
    ),
  );
}

function split(call: Call): Value[] {
  const x = tensorAt(call, 0);
  const axis = axisOf(intAttribute(call.node, 'axis', 0), x.rank);
  const count = call.outputCount;
  const even = Math.ceil(x.shape[axis]! / count);
  const sizes =
    numbersAt(call, 1) ?? Array.from({ length: count }, (_, i) => Math.min(even, x.shape[axis]! - i * even));
  return tf.split(x, sizes, axis).map((part) => Value.of(part));
}

/** Broadcasting goes both ways: a one in the shape asked for leaves an axis as it is. */
function expand(call: Call): Value {
  const x = tensorAt(call, 0);
  return Value.of(broadcastTo(x, broadcastShape(x.shape, numbersAt(call, 1)!)));
}

const BLOCKS = {
  DepthToSpace: (x: tf.Tensor, b: number, mode: string): tf.Tensor => {
    const [n, c, h, w] = x.shape as [number, number, number, number];
    const depth = c / (b * b);
    const apart = mode === 'CRD' ? [n, depth, b, b, h, w] : [n, b, b, depth, h, w];
    const order = mode === 'CRD' ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2];
    return tf.reshape(tf.transpose(tf.reshape(x, apart), order), [n, depth, h * b, w * b]);
  },
  SpaceToDepth: (x: tf.Tensor, b: number): tf.Tensor => {
    const [n, c, h, w] = x.shape as [number, number, number, number];
    const apart = tf.reshape(x, [n, c, h / b, b, w / b, b]);
    return tf.reshape(tf.transpose(apart, [0, 3, 5, 1, 2, 4]), [n, c * b * b, h / b, w / b]);
  },
};

const blocks = (op: keyof typeof BLOCKS): Operator => ({
  run: (call) =>
    Value.of(
      BLOCKS[op](
        tensorAt(call, 0),
        intAttribute(call.node, 'blocksize', 1),
        stringAttribute(call.node, 'mode', 'DCR'),
      ),
    ),
});

/** The part of the shape that is asked for. */
function shapeOf({ node, inputs }: Call): Value {
  const dims = inputs[0]!.tensor.shape;
  const [start, end] = [intAttribute(node, 'start', 0), intAttribute(node, 'end', dims.length)];
  return whole(dims.slice(start, end));
}

/** Zeros, or another number, in the shape that is given. */
function filled(call: Call): Value {
  const dims = numbersAt(call, 0)!;
  const { value } = call.node.attributes;
  if (value === undefined) return Value.of(tf.zeros(dims));
  if (value.type !== 'tensor') throw unsupported(call.node, 'its value is no tensor');
  return Value.of(tf.fill(dims, Number(value.value.data[0]!), dtypeOf(dataTypes[value.value.type].code)));
}

function range(call: Call): Value {
  const [start, limit, step] = [0, 1, 2].map((i) => numbersAt(call, i)![0]!) as [number, number, number];
  const length = Math.max(0, Math.ceil((limit - start) / step));
  const values = Array.from({ length }, (_, i) => start + i * step);
  return Value.of(tf.tensor1d(values, tensorAt(call, 0).dtype));
}

/** Above or beneath a diagonal, of every matrix in the last two axes. */
function triangle(call: Call): Value {
  const x = tensorAt(call, 0);
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const k = numbersAt(call, 1)?.[0] ?? 0;
  const upper = intAttribute(call.node, 'upper', 1) === 1;
  const kept = Array.from({ length: rows * columns }, (_, at) => {
    const distance = (at % columns) - Math.floor(at / columns) - k;
    return Number(upper ? distance >= 0 : distance <= 0);
  });
  return Value.of(
    tf.where(tf.broadcastTo(tf.tensor(kept, [rows, columns], 'bool'), x.shape), x, tf.zerosLike(x)),
  );
}

/** Along the last axis, whichever is meant: gradients of others come out in the wrong shape. */
function cumulated(call: Call): Value {
  const x = tensorAt(call, 0);
  const axis = axisOf(numbersAt(call, 1)![0]!, x.rank);
  const order = swapped(x.rank, axis);
  const [exclusive, reverse] = ['exclusive', 'reverse'].map((name) => intAttribute(call.node, name, 0) === 1);
  return Value.of(tf.transpose(tf.cumsum(tf.transpose(x, order), x.rank - 1, exclusive, reverse), order));
}

/** What the graph's own constants hold. */
function constant({ node }: Call): Value {
  const { value } = node.attributes;
  if (value?.type !== 'tensor') throw unsupported(node, 'its value is no tensor');
  return Value.of(toTf(value.value));
}

/** Of the shapes of values, and of the order of their elements. */
export const shaping: Readonly<Record<string, Operator>> = {
  Concat: { run: concat },
  Constant: { run: constant },
  ConstantOfShape: { run: filled },
  CumSum: { run: cumulated },
  DepthToSpace: blocks('DepthToSpace'),
  Expand: { run: expand },
  Flatten: { run: flatten },
  Range: { run: range },
  Reshape: { run: reshape },
  Shape: { run: shapeOf },
  Size: { run: ({ inputs }) => Value.of(tf.scalar(inputs[0]!.tensor.size, 'int32')) },
  SpaceToDepth: blocks('SpaceToDepth'),
  Split: { run: split },
  Squeeze: { run: squeeze },
  Tile: { run: (call) => Value.of(tiled(tensorAt(call, 0), numbersAt(call, 1)!)) },
  Transpose: { run: transpose },
  Trilu: { run: triangle },
  Unsqueeze: { run: unsqueeze },
};

/** Axis by axis: TensorFlow.js has a gradient of tiling for few axes only, but one of joining for all. */
const tiled = (x: tf.Tensor, times: readonly number[]): tf.Tensor =>
  times.reduce<tf.Tensor>(
    (made, count, axis) =>
      count === 1
        ? made
        : tf.concat(
            Array.from({ length: count }, () => made),
            axis,
          ),
    x,
  );
