import { ints } from '../../builder.js';
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
 * Emits a reduced tensor repeated over the reduced axes, divided by their size for a mean. Multiplying by a constant
 * repeats faster than Expand, but only Expand can repeat over an axis as long as the batch.
 */
function repeat(context: RuleContext, { from, axes }: Reduction, reduced: string, mean: boolean): string {
  const { builder, node } = context;
  if (axes.every((axis) => typeof from[axis] === 'number')) {
    const ones = from.map((dim, axis) => (axes.includes(axis) ? fixedDim(context, dim, 'reduced axis') : 1));
    const count = ones.reduce((total, dim) => total * dim, 1);
    return builder.add('Mul', [reduced, filled(context, ones, mean ? 1 / count : 1)]);
  }
  const repeated = builder.add('Expand', [reduced, builder.add('Shape', [node.inputs[0]!])]);
  if (!mean) return repeated;
  const sizeOf = (value: string): string =>
    builder.add('Cast', [builder.add('Size', [value])], { to: { type: 'int', value: 1 } });
  const count = builder.add('Div', [sizeOf(node.inputs[0]!), sizeOf(node.outputs[0]!)]);
  return builder.add('Div', [repeated, count]);
}

/** A rule from what it emits for dx; where nothing is reduced, the operator is the identity. */
const reducing =
  (emit: (context: RuleContext, reduction: Reduction, gradient: string) => string): GradientRule =>
  (context) => {
    const gradient = context.outputGradients[0]!;
    const reduction = reductionOf(context);
    return [reduction === null ? gradient : emit(context, reduction, reduction.keep(gradient)), null];
  };

const additive = (mean: boolean): GradientRule =>
  reducing((context, reduction, gradient) => repeat(context, reduction, gradient, mean));

/** A rule from the derivative by each element, shaped like the input. */
const weighted = (derivative: (context: RuleContext, reduction: Reduction) => string): GradientRule =>
  reducing((context, reduction, gradient) =>
    context.builder.add('Mul', [derivative(context, reduction), gradient]),
  );

/** Emits the sum of a tensor shaped like the input over the reduced axes, which are kept as 1. */
const sumOver = ({ builder }: RuleContext, { axes }: Reduction, value: string): string =>
  builder.add('ReduceSum', [value, builder.ints(axes)]);

/** The elements equal to the extremum share the gradient evenly, as in PyTorch's amax and amin. */
const extremum = weighted((context, reduction) => {
  const { builder, node } = context;
  const hits = zero(context, builder.add('Sub', [node.inputs[0]!, reduction.keep(node.outputs[0]!)]));
  return builder.add('Div', [hits, sumOver(context, reduction, hits)]);
});

/**
 * Each element's derivative is the product of the others. It is found from the product of all that are not zero: the
 * others' product is that divided by the element if no zero is among them, and 0 otherwise.
 */
const product = weighted((context, reduction) => {
  const { builder, node } = context;
  const x = node.inputs[0]!;
  const isZero = zero(context, x);
  const safe = builder.add('Add', [x, isZero]);
  const nonzero = builder.add('ReduceProd', [safe], { axes: ints(reduction.axes) });
  const otherZeros = builder.add('Sub', [sumOver(context, reduction, isZero), isZero]);
  return builder.add('Mul', [builder.add('Div', [nonzero, safe]), zero(context, otherZeros)]);
});

/** x / ||x||, and 0 where the norm is 0, as in PyTorch. */
const euclidean = weighted((context, { keep }) => {
  const { builder, node } = context;
  const norm = keep(node.outputs[0]!);
  return builder.add('Div', [node.inputs[0]!, builder.add('Add', [norm, zero(context, norm)])]);
});

/**
 * exp(x - y), normalised to sum to one: y is rounded, which for large values would be an error of percents. No
 * exponent is above 0, so nothing overflows.
 */
const logSumExp = weighted((context, reduction) => {
  const { builder, node } = context;
  const shifted = builder.add('Sub', [node.inputs[0]!, reduction.keep(node.outputs[0]!)]);
  const terms = builder.add('Exp', [shifted]);
  return builder.add('Div', [terms, sumOver(context, reduction, terms)]);
});

/** 1 / sum(x), as exp(-y). */
const reciprocalSum = reducing((context, reduction, gradient) => {
  const { builder, node } = context;
  const reciprocal = builder.add('Exp', [builder.add('Neg', [reduction.keep(node.outputs[0]!)])]);
  return repeat(context, reduction, builder.add('Mul', [gradient, reciprocal]), false);
});

/** Reductions over a set of axes. */
export const reductionRules: Readonly<Record<string, GradientRule>> = {
  ReduceSum: additive(false),
  ReduceMean: additive(true),
  ReduceMax: extremum,
  ReduceMin: extremum,
  ReduceProd: product,
  /** Derivative 0 at 0. */
  ReduceL1: weighted(({ builder, node }) => builder.add('Sign', [node.inputs[0]!])),
  ReduceL2: euclidean,
  ReduceLogSum: reciprocalSum,
  ReduceLogSumExp: logSumExp,
  ReduceSumSquare: weighted(({ builder, node }) => builder.add('Mul', [node.inputs[0]!, builder.scalar(2)])),
};
