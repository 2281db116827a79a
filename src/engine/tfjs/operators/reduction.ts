import { intAttribute, intsAttribute } from '../../../graph/autodiff/attributes.js';
import { axisOf, numbersAt, type Call, type Operator } from '../call.js';
import { tf } from '../tf.js';
import { Value } from '../value.js';
import { root } from './normalization.js';

type Reduce = (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor;

function reduce(apply: Reduce, call: Call): Value {
  const { node, inputs } = call;
  const x = inputs[0]!.tensor;
  const given = intsAttribute(node, 'axes') ?? numbersAt(call, 1) ?? [];
  if (given.length === 0 && intAttribute(node, 'noop_with_empty_axes', 0) === 1) return inputs[0]!;
  const all = Array.from({ length: x.rank }, (_, i) => i);
  const axes = given.length === 0 ? all : given.map((axis) => axisOf(axis, x.rank));
  return Value.of(apply(x, axes, intAttribute(node, 'keepdims', 1) === 1));
}

/** Factor by factor: TensorFlow.js's own product has no gradient that works. */
function product(x: tf.Tensor, axes: number[], keep: boolean): tf.Tensor {
  const kept = x.shape.map((_size, i) => i).filter((i) => !axes.includes(i));
  const rest = kept.map((i) => x.shape[i]!);
  const factors = tf.reshape(tf.transpose(x, [...kept, ...axes]), [...rest, -1]);
  const multiplied = tf.unstack(factors, kept.length).reduce((all, factor) => tf.mul(all, factor));
  return keep
    ? tf.reshape(
        multiplied,
        x.shape.map((size, i) => (axes.includes(i) ? 1 : size)),
      )
    : multiplied;
}

const reduction = (apply: Reduce): Operator => ({ run: (call) => reduce(apply, call) });

/** Index of the largest along an axis, the first of several unless the last is asked for. */
const extremum = (find: (x: tf.Tensor, axis: number) => tf.Tensor): Operator => ({
  flat: true,
  run: ({ node, inputs }) => {
    const x = inputs[0]!.tensor;
    const axis = axisOf(intAttribute(node, 'axis', 0), x.rank);
    const fromEnd = intAttribute(node, 'select_last_index', 0) === 1;
    const found = find(fromEnd ? tf.reverse(x, axis) : x, axis);
    const index = fromEnd ? tf.sub(tf.scalar(x.shape[axis]! - 1, 'int32'), found) : found;
    return Value.of(intAttribute(node, 'keepdims', 1) === 1 ? tf.expandDims(index, axis) : index);
  },
});

export const reductions: Readonly<Record<string, Operator>> = {
  ArgMax: extremum((x, axis) => tf.argMax(x, axis)),
  ArgMin: extremum((x, axis) => tf.argMin(x, axis)),
  ReduceL1: reduction((x, axes, keep) => tf.sum(tf.abs(x), axes, keep)),
  ReduceL2: reduction((x, axes, keep) => root(tf.sum(tf.square(x), axes, keep))),
  ReduceLogSum: reduction((x, axes, keep) => tf.log(tf.sum(x, axes, keep))),
  ReduceLogSumExp: reduction((x, axes, keep) => tf.logSumExp(x, axes, keep)),
  ReduceMax: reduction((x, axes, keep) => tf.max(x, axes, keep)),
  ReduceMean: reduction((x, axes, keep) => tf.mean(x, axes, keep)),
  ReduceMin: reduction((x, axes, keep) => tf.min(x, axes, keep)),
  ReduceProd: reduction(product),
  ReduceSum: reduction((x, axes, keep) => tf.sum(x, axes, keep)),
  ReduceSumSquare: reduction((x, axes, keep) => tf.sum(tf.square(x), axes, keep)),
};
