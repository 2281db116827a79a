import { intAttribute } from '../attributes.js';
import type { GradientRule, RuleContext } from '../rule.js';

/** Emits the sum of `value` along the node's axis, kept as 1. */
function sumAlongAxis({ builder, node }: RuleContext, value: string): string {
  return builder.add('ReduceSum', [value, builder.ints([intAttribute(node, 'axis', -1)])]);
}

/** dx = y (g - sum(g y)). */
const softmax: GradientRule = (context) => {
  const { builder, node } = context;
  const y = node.outputs[0]!;
  const g = context.outputGradients[0]!;
  const mean = sumAlongAxis(context, builder.add('Mul', [g, y]));
  return [builder.add('Mul', [y, builder.add('Sub', [g, mean])])];
};

/** dx = g - exp(y) sum(g). */
const logSoftmax: GradientRule = (context) => {
  const { builder, node } = context;
  const g = context.outputGradients[0]!;
  const probabilities = builder.add('Exp', [node.outputs[0]!]);
  return [builder.add('Sub', [g, builder.add('Mul', [probabilities, sumAlongAxis(context, g)])])];
};

/** Normalised exponentials along one axis (operator set 13 and later: the last by default). */
export const softmaxRules: Readonly<Record<string, GradientRule>> = {
  Softmax: softmax,
  LogSoftmax: logSoftmax,
};
