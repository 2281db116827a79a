import type { InferredDim } from '../../ir.js';
import { constantInput, fixedDim } from '../blocked.js';
import { intAttribute, intsAttribute } from '../attributes.js';
import { zero } from '../masks.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { sumOver } from '../row-sum.js';
import { axisRange, filled, normalizeAxis, reshape } from '../shaping.js';
import { finite } from './unary.js';

interface Reduction {
  /** Shape of the input. */
  readonly from: readonly InferredDim[];
  /** Reduced axes, counted from the front; none where every element is reduced by itself. */
  readonly axes: readonly number[];
  /** Emits a reduced tensor (the output, or its cotangent) with its reduced axes kept as 1. */
  readonly keep: (value: string) => string;
}

/** Reads axes (an attribute or, for ReduceSum and from operator set 18 on, an input) and keepdims. */
function reductionOf(context: RuleContext): Reduction {
  const { node } = context;
  const from = context.dims(node.inputs[0]!);
  const given = intsAttribute(node, 'axes') ?? constantInput(context, 1, 'axes') ?? [];
  const all = given.length === 0 && intAttribute(node, 'noop_with_empty_axes', 0) === 0;
  const axes = all ? axisRange(0, from.length) : given.map((axis) => normalizeAxis(axis, from.length));
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
  if (axes.length === 0) return reduced;
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

/** A rule from what it emits for dx. */
const reducing =
  (emit: (context: RuleContext, reduction: Reduction, gradient: string) => string): GradientRule =>
  (context) => {
    const reduction = reductionOf(context);
    return [emit(context, reduction, reduction.keep(context.outputGradients[0]!)), null];
  };

const additive = (mean: boolean): GradientRule =>
  reducing((context, reduction, gradient) => repeat(context, reduction, gradient, mean));

/** A rule from the derivative by each element, shaped like the input. */
const weighted = (derivative: (context: RuleContext, reduction: Reduction) => string): GradientRule =>
  reducing((context, reduction, gradient) =>
    context.builder.add('Mul', [derivative(context, reduction), gradient]),
  );

/** Emits how many of the elements that are reduced together a mask of 0 and 1 marks: exact in any order of summation. */
const countOver = ({ builder }: RuleContext, { axes }: Reduction, mask: string): string =>
  axes.length === 0 ? mask : builder.add('ReduceSum', [mask, builder.ints(axes)]);

/** The elements equal to the extremum share the gradient evenly, as in PyTorch's amax and amin. */
const extremum = weighted((context, reduction) => {
  const { builder, node } = context;
  const hits = zero(context, builder.add('Sub', [node.inputs[0]!, reduction.keep(node.outputs[0]!)]));
  return builder.add('Div', [hits, countOver(context, reduction, hits)]);
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
  const nonzero = reduction.keep(builder.add('ReduceProd', [safe, ...node.inputs.slice(1)], node.attributes));
  const otherZeros = builder.add('Sub', [countOver(context, reduction, isZero), isZero]);
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
  const total = sumOver(context, { value: terms, dims: reduction.from, axes: reduction.axes });
  return builder.add('Div', [terms, total]);
});

/** 1 / sum(x), as exp(-y); finite where the sum is 0. */
const reciprocalSum = reducing((context, reduction, gradient) => {
  const { builder, node } = context;
  const reciprocal = builder.add('Exp', [builder.add('Neg', [reduction.keep(node.outputs[0]!)])]);
  const slope = builder.add('Mul', [gradient, finite(context, reciprocal)]);
  return repeat(context, reduction, slope, false);
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
