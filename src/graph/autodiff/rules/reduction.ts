import type { InferredDim } from '../../ir.js';
import { constantInput, fixedDim } from '../blocked.js';
import { intAttribute, intsAttribute } from '../attributes.js';
import { zero } from '../masks.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { axisRange, filled, normalizeAxis, reshape } from '../shaping.js';

interface Reduction {
  /** Shape of the input. */
  readonly from: readonly InferredDim[];
  /** Reduced axes, counted from the front. */
  readonly axes: readonly number[];
  /** Emits a reduced tensor (the output, or its cotangent) with its reduced axes kept as 1. */
  readonly keep: (value: string) => string;
}

/** Reads axes (an attribute or, for ReduceSum, an input) and keepdims; null where nothing is reduced. */
function reductionOf(context: RuleContext): Reduction | null {
  const { node } = context;
  const from = context.dims(node.inputs[0]!);
  const given = intsAttribute(node, 'axes') ?? constantInput(context, 1, 'axes') ?? [];
  if (given.length === 0 && intAttribute(node, 'noop_with_empty_axes', 0) === 1) return null;
  const axes =
    given.length === 0 ? axisRange(0, from.length) : given.map((axis) => normalizeAxis(axis, from.length));
  const kept = from.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  const keepdims = intAttribute(node, 'keepdims', 1) === 1;
  return { from, axes, keep: (value) => (keepdims ? value : reshape(context, value, kept)) };
}

/**
 * Emits the reduced cotangent repeated over the reduced axes, divided by their size for a mean. Multiplying by a
 * constant repeats faster than Expand, but only Expand can repeat over an axis as long as the batch.
 */
function repeat(context: RuleContext, { from, axes, keep }: Reduction, mean: boolean): string {
  const { builder, node } = context;
  const gradient = keep(context.outputGradients[0]!);
  if (axes.every((axis) => typeof from[axis] === 'number')) {
    const ones = from.map((dim, axis) => (axes.includes(axis) ? fixedDim(context, dim, 'reduced axis') : 1));
    const count = ones.reduce((product, dim) => product * dim, 1);
    return builder.add('Mul', [gradient, filled(context, ones, mean ? 1 / count : 1)]);
  }
  const repeated = builder.add('Expand', [gradient, builder.add('Shape', [node.inputs[0]!])]);
  if (!mean) return repeated;
  const sizeOf = (value: string): string =>
    builder.add('Cast', [builder.add('Size', [value])], { to: { type: 'int', value: 1 } });
  const count = builder.add('Div', [sizeOf(node.inputs[0]!), sizeOf(node.outputs[0]!)]);
  return builder.add('Div', [repeated, count]);
}

const additive =
  (mean: boolean): GradientRule =>
  (context) => {
    const reduction = reductionOf(context);
    return [reduction === null ? context.outputGradients[0]! : repeat(context, reduction, mean), null];
  };

/** The elements equal to the extremum share the gradient evenly, as in PyTorch's amax and amin. */
const extremum: GradientRule = (context) => {
  const { builder, node } = context;
  const reduction = reductionOf(context);
  if (reduction === null) return [context.outputGradients[0]!, null];
  const { axes, keep } = reduction;
  const hits = zero(context, builder.add('Sub', [node.inputs[0]!, keep(node.outputs[0]!)]));
  const count = builder.add('ReduceSum', [hits, builder.ints(axes)]);
  const share = builder.add('Div', [keep(context.outputGradients[0]!), count]);
  return [builder.add('Mul', [hits, share]), null];
};

/** Reductions over a set of axes. */
export const reductionRules: Readonly<Record<string, GradientRule>> = {
  ReduceSum: additive(false),
  ReduceMean: additive(true),
  ReduceMax: extremum,
  ReduceMin: extremum,
};
