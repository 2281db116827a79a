import { intAttribute, stringAttribute } from '../../../graph/autodiff/attributes.js';
import { elementCount } from '../../../tensor/tensor.js';
import {
  axisOf,
  numbersAt,
  swapped,
  tensorAt,
  unrecorded,
  unsupported,
  type Call,
  type Operator,
} from '../call.js';
import { tf } from '../tf.js';
import { Value } from '../value.js';

const integers = (values: readonly number[], dims: readonly number[] = [values.length]): tf.Tensor =>
  tf.tensor([...values], [...dims], 'int32');

/** The elements at these places of the flattened tensor. */
const pick = (x: tf.Tensor, places: readonly number[], dims: readonly number[]): Value =>
  Value.of(tf.reshape(tf.gather(tf.reshape(x, [-1]), integers(places)), [...dims]));

function gather(call: Call): Value {
  const x = tensorAt(call, 0);
  const axis = axisOf(intAttribute(call.node, 'axis', 0), x.rank);
  const indices = tensorAt(call, 1);
  const places = numbersAt(call, 1)!.map((index) => (index < 0 ? index + x.shape[axis]! : index));
  const dims = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  return Value.of(tf.reshape(tf.gather(x, integers(places), axis), dims));
}

/** How far apart neighbours along each axis are in memory. */
const stridesOf = (dims: readonly number[]): number[] =>
  dims.map((_size, axis) => elementCount(dims.slice(axis + 1)));

function gatherElements(call: Call): Value {
  const x = tensorAt(call, 0);
  const axis = axisOf(intAttribute(call.node, 'axis', 0), x.rank);
  const { shape } = tensorAt(call, 1);
  const [own, taken] = [stridesOf(x.shape), stridesOf(shape)];
  const places = numbersAt(call, 1)!.map((index, at) =>
    shape.reduce((place, _size, i) => {
      const here = Math.floor(at / taken[i]!) % shape[i]!;
      const along = index < 0 ? index + x.shape[axis]! : index;
      return place + (i === axis ? along : here) * own[i]!;
    }, 0),
  );
  return pick(x, places, shape);
}

/** Indices of several axes at once, behind `batch_dims` axes that both share. */
function gatherNd(call: Call): Value {
  const x = tensorAt(call, 0);
  const shared = intAttribute(call.node, 'batch_dims', 0);
  const { shape } = tensorAt(call, 1);
  const depth = shape.at(-1)!;
  const rest = x.shape.slice(shared + depth);
  const [tuples, size, strides] = [elementCount(shape.slice(0, -1)), elementCount(rest), stridesOf(x.shape)];
  const perBatch = elementCount(shape.slice(shared, -1));
  const batchSize = elementCount(x.shape.slice(shared));
  const indices = numbersAt(call, 1)!;
  const places: number[] = [];
  for (let tuple = 0; tuple < tuples; tuple++) {
    let start = Math.floor(tuple / perBatch) * batchSize;
    for (let i = 0; i < depth; i++) {
      const index = indices[tuple * depth + i]!;
      const axis = shared + i;
      start += (index < 0 ? index + x.shape[axis]! : index) * strides[axis]!;
    }
    for (let i = 0; i < size; i++) places.push(start + i);
  }
  return pick(x, places, [...shape.slice(0, -1), ...rest]);
}

function slice(call: Call): Value {
  const x = tensorAt(call, 0);
  const [starts, ends] = [numbersAt(call, 1)!, numbersAt(call, 2)!];
  const axes = (numbersAt(call, 3) ?? starts.map((_start, i) => i)).map((axis) => axisOf(axis, x.rank));
  const steps = numbersAt(call, 4) ?? starts.map(() => 1);
  return Value.of(axes.reduce((kept, axis, i) => along(kept, axis, starts[i]!, ends[i]!, steps[i]!), x));
}

function along(x: tf.Tensor, axis: number, start: number, end: number, step: number): tf.Tensor {
  const size = x.shape[axis]!;
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const within = (at: number): number => Math.min(Math.max(at < 0 ? at + size : at, low), high);
  const from = Math.max(within(start), 0);
  const count = Math.max(0, Math.ceil((within(end) - from) / step));
  if (step === 1) {
    if (count === size) return x;
    return tf.slice(
      x,
      x.shape.map((_size, i) => (i === axis ? from : 0)),
      x.shape.map((whole, i) => (i === axis ? count : whole)),
    );
  }
  const places = Array.from({ length: count }, (_, i) => from + i * step);
  return tf.gather(x, integers(places), axis);
}

/** Where each element of a padded axis comes from, by the kind of padding. */
const SOURCES: Readonly<Record<string, (at: number, size: number) => number>> = {
  edge: (at, size) => Math.min(Math.max(at, 0), size - 1),
  reflect: (at, size) => {
    const period = Math.max(1, 2 * (size - 1));
    const turned = ((at % period) + period) % period;
    return turned < size ? turned : period - turned;
  },
  wrap: (at, size) => ((at % size) + size) % size,
};

function pad(call: Call): Value {
  const { node } = call;
  const x = tensorAt(call, 0);
  const given = numbersAt(call, 1)!;
  const axes = (numbersAt(call, 3) ?? x.shape.map((_size, i) => i)).map((axis) => axisOf(axis, x.rank));
  const half = given.length / 2;
  const pads = x.shape.map((): [number, number] => [0, 0]);
  axes.forEach((axis, i) => (pads[axis] = [given[i]!, given[half + i]!]));
  const mode = stringAttribute(node, 'mode', 'constant');
  if (mode === 'constant') {
    // By less than nothing cuts off.
    const cut = tf.slice(
      x,
      pads.map(([before]) => Math.max(0, -before)),
      pads.map(([before, after], i) => x.shape[i]! + Math.min(0, before) + Math.min(0, after)),
    );
    const added = pads.map(([before, after]): [number, number] => [Math.max(0, before), Math.max(0, after)]);
    return Value.of(tf.pad(cut, added, numbersAt(call, 2)?.[0] ?? 0));
  }
  const source = SOURCES[mode];
  if (source === undefined) throw unsupported(node, `its mode is ${mode}`);
  const padded = pads.reduce<tf.Tensor>((made, [before, after], axis) => {
    if (before === 0 && after === 0) return made;
    const size = x.shape[axis]!;
    const places = Array.from({ length: before + size + after }, (_, i) => source(i - before, size));
    return tf.gather(made, integers(places), axis);
  }, x);
  return Value.of(padded);
}

/** The largest or smallest along an axis, in order, and where they were. */
function topK(call: Call): Value[] {
  const { node } = call;
  const x = tensorAt(call, 0);
  const axis = axisOf(intAttribute(node, 'axis', -1), x.rank);
  const count = numbersAt(call, 1)![0]!;
  const largest = intAttribute(node, 'largest', 1) === 1;
  const order = swapped(x.rank, axis);
  const turned = tf.transpose(x, order);
  const indices = unrecorded(() => tf.topk(largest ? turned : tf.neg(turned), count).indices);
  const width = turned.shape.at(-1)!;
  const places = Array.from(indices.dataSync(), (index, at) => Math.floor(at / count) * width + index);
  const values = pick(turned, places, indices.shape).tensor;
  return [tf.transpose(values, order), unrecorded(() => tf.transpose(indices, order))].map((each) =>
    Value.of(each),
  );
}

/** [off, on] at the places that indices name. */
function oneHot(call: Call): Value {
  const indices = tensorAt(call, 0);
  const depth = numbersAt(call, 1)![0]!;
  const [off, on] = numbersAt(call, 2)! as [number, number];
  const rank = indices.rank + 1;
  const axis = axisOf(intAttribute(call.node, 'axis', -1), rank);
  const wrapped = numbersAt(call, 0)!.map((index) => (index < 0 ? index + depth : index));
  const hot = tf.oneHot(integers(wrapped, indices.shape), depth, on, off, 'float32');
  const order = Array.from({ length: rank - 1 }, (_, i) => i);
  order.splice(axis, 0, rank - 1);
  return Value.of(tf.transpose(hot, order));
}

/** The elements, or slices along an axis, whose condition holds. */
function compress(call: Call): Value {
  const x = tensorAt(call, 0);
  const places = numbersAt(call, 1)!.flatMap((kept, i) => (kept ? [i] : []));
  const axis = intAttribute(call.node, 'axis', NaN);
  return Number.isNaN(axis)
    ? pick(x, places, [places.length])
    : Value.of(tf.gather(x, integers(places), axisOf(axis, x.rank)));
}

/** Operators that take elements from where others are. */
export const indexing: Readonly<Record<string, Operator>> = {
  Compress: { run: compress },
  Gather: { run: gather },
  GatherElements: { run: gatherElements },
  GatherND: { run: gatherNd },
  OneHot: { run: oneHot, flat: true },
  Pad: { run: pad },
  Slice: { run: slice },
  TopK: { run: topK },
};
