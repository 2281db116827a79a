import { int } from '../../builder.js';
import { intAttribute } from '../attributes.js';
import type { GradientRule } from '../rule.js';

/** Masks by position, or an exchange of positions: applied to the gradient as it was to the input. */
const itself: GradientRule = ({ builder, node, outputGradients }) => [
  builder.add(node.op, [outputGradients[0]!, ...node.inputs.slice(1)], node.attributes),
];

/** Every element receives the gradients of the sums it is part of: those that come after it, or before. */
const cumulativeSum: GradientRule = ({ builder, node, outputGradients }) => [
  builder.add('CumSum', [outputGradients[0]!, node.inputs[1]!], {
    exclusive: int(intAttribute(node, 'exclusive', 0)),
    reverse: int(1 - intAttribute(node, 'reverse', 0)),
  }),
];

/** Operators whose transpose is an application of the same operator. */
export const selfTransposedRules: Readonly<Record<string, GradientRule>> = {
  Trilu: itself,
  ReverseSequence: itself,
  CumSum: cumulativeSum,
};
