import { int } from '../../builder.js';
import { returnToSources, type Along } from '../along-axis.js';
import { blocked, constantInput, fixedDim } from '../blocked.js';
import { intAttribute } from '../attributes.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { addRows, rowsOf } from '../rows.js';
import { axisRange, normalizeAxis, productOf, reshape, reshapeLike, sameDim, zerosLike } from '../shaping.js';

/** The elements `start, start + step, ...` of an axis of length `size` that a Slice takes. */
function slicedIndices(start: number, end: number, step: number, size: number): number[] {
  const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
  const fromFront = (value: number): number => (value < 0 ? value + size : value);
  const first = step > 0 ? clamp(fromFront(start), 0, size) : clamp(fromFront(start), 0, size - 1);
  const last = step > 0 ? clamp(fromFront(end), 0, size) : clamp(fromFront(end), -1, size - 1);
  const count = Math.max(Math.ceil((last - first) / step), 0);
  return axisRange(0, count).map((i) => first + i * step);
}

/** The gradient is put back where the elements were taken from. */
const slice: GradientRule = (context) => {
  const { node, dims, outputGradients } = context;
  const [from, to] = [dims(node.inputs[0]!), dims(node.outputs[0]!)];
  const steps = constantInput(context, 4, 'steps');
  // The whole of every axis, whatever its length and however the bounds are written.
  if ((steps ?? [1]).every((step) => step === 1) && from.every((dim, axis) => sameDim(dim, to[axis])))
    return [outputGradients[0]!];
  const starts = constantInput(context, 1, 'starts') ?? [];
  const ends = constantInput(context, 2, 'ends') ?? [];
  const axes = constantInput(context, 3, 'axes') ?? axisRange(0, starts.length);
  const taken: Along = { value: outputGradients[0]!, dims: to, axis: 0 };
  const gradient = axes.reduce((along, given, i) => {
    const axis = normalizeAxis(given, from.length);
    const step = steps?.[i] ?? 1;
    if (step === 1 && sameDim(from[axis], to[axis])) return along;
    const size = fixedDim(context, from[axis], 'sliced axis');
    return returnToSources(
      context,
      { ...along, axis },
      slicedIndices(starts[i]!, ends[i]!, step, size),
      size,
    );
  }, taken);
  return [gradient.value];
};

/**
 * Takes the elements named by indices along an axis. Where the indices are constant the gradient is put back by
 * `returnToSources`; otherwise it is added up element by element.
 */
const gather: GradientRule = (context) => {
  const { node, outputGradients, constant, dims } = context;
  const [input, indices] = node.inputs as [string, string];
  const from = dims(input);
  const axis = normalizeAxis(intAttribute(node, 'axis', 0), from.length);
  const size = from[axis];
  const gradient = outputGradients[0]!;
  if (constant(indices) === undefined || typeof size !== 'number') return [scatterSum(context, axis)];
  const sources = constantInput(context, 1, 'indices')!.map((index) => normalizeAxis(index, size));
  // Indices of any rank become one axis.
  const flat = from.with(axis, sources.length);
  const value = dims(indices).length === 1 ? gradient : reshape(context, gradient, flat);
  return [returnToSources(context, { value, dims: flat, axis }, sources, size).value];
};

/** The gradient of a Gather by indices that are only known at run time. */
function scatterSum(context: RuleContext, axis: number): string {
  const { builder, node, dims } = context;
  const [input, indices] = node.inputs as [string, string];
  const rank = dims(input).length;
  const shape = builder.add('Shape', [input]);
  const part = (from: number, to: number): string =>
    builder.add('Slice', [shape, builder.ints([from]), builder.ints([to])]);
  const flat = builder.add('Concat', [part(0, axis), builder.ints([-1]), part(axis + 1, rank)], {
    axis: int(0),
  });
  const gradient = builder.add('Reshape', [context.outputGradients[0]!, flat]);
  const column = builder.add('Reshape', [
    indices,
    builder.ints([-1, ...axisRange(axis + 1, rank).map(() => 1)]),
  ]);
  const places = builder.add('Expand', [column, builder.add('Shape', [gradient])]);
  return builder.add('ScatterElements', [zerosLike(context, input), places, gradient], {
    axis: int(axis),
    reduction: { type: 'string', value: 'add' },
  });
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
  return [scattered];
};

/** Takes slices named by tuples of indices; takings of one slice add up. */
const gatherNd: GradientRule = (context) => {
  const { node } = context;
  const [data, indices] = node.inputs as [string, string];
  const rows = rowsOf(context, data, indices, intAttribute(node, 'batch_dims', 0));
  return [addRows(context, data, rows, context.outputGradients[0]!)];
};

/** Takes the elements along an axis, or of all, for which a constant condition holds. */
const compress: GradientRule = (context) => {
  const { node, dims } = context;
  const input = node.inputs[0]!;
  const from = dims(input);
  const whole = !('axis' in node.attributes);
  const axis = whole ? 0 : normalizeAxis(intAttribute(node, 'axis', 0), from.length);
  const size = fixedDim(context, whole ? productOf(from) : from[axis], 'compressed axis');
  const sources = (constantInput(context, 1, 'conditions') ?? []).flatMap((taken, i) =>
    taken === 0 ? [] : [i],
  );
  if (sources.length === 0) throw blocked(node, 'it takes nothing');
  const gradient = {
    value: context.outputGradients[0]!,
    dims: whole ? [sources.length] : from.with(axis, sources.length),
    axis,
  };
  const returned = returnToSources(context, gradient, sources, size).value;
  return [whole ? reshapeLike(context, returned, input) : returned];
};

/** Operators that take some of their input's elements. */
export const indexingRules: Readonly<Record<string, GradientRule>> = {
  Slice: slice,
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  Compress: compress,
};
