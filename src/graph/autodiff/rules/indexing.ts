import { floatTensor } from '../../../tensor/tensor.js';
import { int } from '../../builder.js';
import type { InferredDim } from '../../ir.js';
import { blocked, constantInput, fixedDim } from '../blocked.js';
import { intAttribute, stringAttribute } from '../attributes.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { axisRange, normalizeAxis, reshape, reshapeLike, sumToShape, zerosLike } from '../shaping.js';

/** The elements `start, start + step, ...` of an axis of length `size` that a Slice takes, `count` of them. */
function slicedIndices(start: number, end: number, step: number, size: number): number[] {
  const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
  const fromFront = (value: number): number => (value < 0 ? value + size : value);
  const first = step > 0 ? clamp(fromFront(start), 0, size) : clamp(fromFront(start), 0, size - 1);
  const last = step > 0 ? clamp(fromFront(end), 0, size) : clamp(fromFront(end), -1, size - 1);
  const count = Math.max(Math.ceil((last - first) / step), 0);
  return axisRange(0, count).map((i) => first + i * step);
}

/** Emits `value` with its elements along `axis` put at the given places of an axis of length `size`, zero elsewhere. */
function place(
  context: RuleContext,
  value: string,
  axis: number,
  rank: number,
  places: readonly number[],
  size: number,
) {
  const { builder } = context;
  const padding = (before: number, after: number): string =>
    builder.ints(axisRange(0, 2 * rank).map((i) => (i === axis ? before : i === axis + rank ? after : 0)));
  const contiguous = places.every((position, i) => position === places[0]! + i);
  if (contiguous) {
    const before = places[0] ?? 0;
    return builder.add('Pad', [value, padding(before, size - before - places.length)]);
  }
  // One zero is appended, and every place that receives nothing reads it.
  const sources = axisRange(0, size).map((position) => {
    const source = places.indexOf(position);
    return source === -1 ? places.length : source;
  });
  return builder.add('Gather', [builder.add('Pad', [value, padding(0, 1)]), builder.ints(sources)], {
    axis: int(axis),
  });
}

/** The gradient is put back where the elements were taken from. Bounds and steps must be constant. */
const slice: GradientRule = (context) => {
  const from = context.dims(context.node.inputs[0]!);
  const starts = constantInput(context, 1, 'starts') ?? [];
  const ends = constantInput(context, 2, 'ends') ?? [];
  const axes = constantInput(context, 3, 'axes') ?? axisRange(0, starts.length);
  const steps = constantInput(context, 4, 'steps') ?? starts.map(() => 1);
  const gradient = axes.reduce((value, given, i) => {
    const axis = normalizeAxis(given, from.length);
    const start = starts[i]!;
    const end = ends[i]!;
    const step = steps[i]!;
    // The whole of an axis, whatever its length: ends beyond 2^31 are the usual way of saying "to the end".
    if (step === 1 && start === 0 && end >= 2 ** 31 - 1) return value;
    const size = fixedDim(context, from[axis], 'sliced axis');
    const places = slicedIndices(start, end, step, size);
    return places.length === size && step === 1
      ? value
      : place(context, value, axis, from.length, places, size);
  }, context.outputGradients[0]!);
  return [gradient, null, null, null, null];
};

/** Constant padding: the gradient loses it again. The amount must be constant; the padded value gets no gradient. */
const pad: GradientRule = (context) => {
  const { builder, node, needs } = context;
  if (stringAttribute(node, 'mode', 'constant') !== 'constant')
    throw blocked(node, 'its mode is not "constant"');
  if (needs[2] === true) throw blocked(node, 'the padded value is not constant');
  const amounts = constantInput(context, 1, 'pads') ?? [];
  return [
    builder.add('Pad', [context.outputGradients[0]!, builder.ints(amounts.map((amount) => -amount))]),
    null,
    null,
  ];
};

/**
 * Takes the elements named by constant indices along an axis. Where no element is taken twice the gradient is put
 * back by an inverse Gather; otherwise the sum over all takings is a product with the matrix of 0 and 1 that says
 * which came from where.
 */
const gather: GradientRule = (context) => {
  const { node } = context;
  const input = node.inputs[0]!;
  const from = context.dims(input);
  const axis = normalizeAxis(intAttribute(node, 'axis', 0), from.length);
  const size = fixedDim(context, from[axis], 'gathered axis');
  const indices = (constantInput(context, 1, 'indices') ?? []).map((index) => normalizeAxis(index, size));
  const gradient = context.outputGradients[0]!;
  if (new Set(indices).size < indices.length) {
    return [spreadByProduct(context, gradient, from, axis, size, indices), null];
  }
  // Indices of any rank become one axis.
  const flat = [...from.slice(0, axis), indices.length, ...from.slice(axis + 1)];
  const merged = context.dims(node.inputs[1]!).length === 1 ? gradient : reshape(context, gradient, flat);
  return [place(context, merged, axis, from.length, indices, size), null];
};

function spreadByProduct(
  context: RuleContext,
  gradient: string,
  from: readonly InferredDim[],
  axis: number,
  size: number,
  indices: readonly number[],
): string {
  const { builder, node } = context;
  const data = new Float32Array(size * indices.length);
  indices.forEach((index, i) => (data[index * indices.length + i] = 1));
  const matrix = builder.initializer('const_sources', floatTensor(data, [size, indices.length]));
  const merge = (dims: readonly InferredDim[]): InferredDim =>
    dims.reduce<InferredDim>(
      (product, dim) =>
        typeof product === 'number' && typeof dim === 'number' ? product * dim : { batch: 1 },
      1,
    );
  const stacked = reshape(context, gradient, [
    merge(from.slice(0, axis)),
    indices.length,
    merge(from.slice(axis + 1)),
  ]);
  return reshapeLike(context, builder.add('MatMul', [matrix, stacked]), node.inputs[0]!);
}

/** One element per output element, named by indices that may change from run to run; takings of one element add up. */
const gatherElements: GradientRule = (context) => {
  const { builder, node } = context;
  const [input, indices] = node.inputs as [string, string];
  const scattered = builder.add(
    'ScatterElements',
    [zerosLike(context, input), indices, context.outputGradients[0]!],
    {
      axis: int(intAttribute(node, 'axis', 0)),
      reduction: { type: 'string', value: 'add' },
    },
  );
  return [scattered, null];
};

/** Broadcasting to a given shape. */
const expand: GradientRule = (context) => {
  const { node } = context;
  const [from, to] = [context.dims(node.outputs[0]!), context.dims(node.inputs[0]!)];
  return [sumToShape(context, context.outputGradients[0]!, from, to), null];
};

/** Operators that take some of their input's elements, add constant ones or repeat them. */
export const indexingRules: Readonly<Record<string, GradientRule>> = {
  Slice: slice,
  Pad: pad,
  Gather: gather,
  GatherElements: gatherElements,
  Expand: expand,
};
