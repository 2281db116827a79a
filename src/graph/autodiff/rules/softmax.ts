import { intAttribute } from '../attributes.js';
import { sumOver } from '../row-sum.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { normalizeAxis } from '../shaping.js';

/** Emits the sum of `value`, shaped like the node's input, along the node's axis, kept as 1. */
function sumAlongAxis(context: RuleContext, value: string): string {
  const { node } = context;
  const dims = context.dims(node.inputs[0]!);
  const axis = normalizeAxis(intAttribute(node, 'axis', -1), dims.length);
  return sumOver(context, { value, dims, axes: [axis] });
}

/** g - sum(g y): for y that sums to 1 a projection, so that applied twice it is the same but for rounding. */
function centred(context: RuleContext, g: string, y: string): string {
  const { builder } = context;
  return builder.add('Sub', [g, sumAlongAxis(context, builder.add('Mul', [g, y]))]);
}

/**
 * dx = y (g - sum(g y)).
 *
 * Where y is close to 1, the difference is that of two nearly equal numbers, and what is left of it may be all rounding. A second
 * projection of what the first has left removes that: the error is then relative to the small difference.
 */
const softmax: GradientRule = (context) => {
  const { builder, node } = context;
  const y = node.outputs[0]!;
  const once = centred(context, context.outputGradients[0]!, y);
  return [builder.add('Mul', [y, centred(context, once, y)])];
};

/** dx = g - exp(y) sum(g), a projection too and applied twice for the same reason: it must sum to 0. */
const logSoftmax: GradientRule = (context) => {
  const { builder, node } = context;
  const probabilities = builder.add('Exp', [node.outputs[0]!]);
  const project = (g: string): string =>
    builder.add('Sub', [g, builder.add('Mul', [probabilities, sumAlongAxis(context, g)])]);
  return [project(project(context.outputGradients[0]!))];
};

/** Normalised exponentials along one axis (operator set 13 and later: the last by default). */
export const softmaxRules: Readonly<Record<string, GradientRule>> = {
  Softmax: softmax,
  LogSoftmax: logSoftmax,
};
