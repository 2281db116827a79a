import { broadcastInput } from '../broadcasting.js';
import { equal } from '../equality.js';
import { positive, positiveOrHalf } from '../masks.js';
import type { GradientRule, RuleContext } from '../rule.js';

type Sign = 'max' | 'min';

/** Emits the gradient of one of two inputs: all of it, half at a tie. */
function lead(context: RuleContext, sign: Sign, index: number): string {
  const { builder, node } = context;
  const [mine, other] = [node.inputs[index]!, node.inputs[1 - index]!];
  const difference = builder.add('Sub', sign === 'max' ? [mine, other] : [other, mine]);
  return builder.add('Mul', [context.outputGradients[0]!, positiveOrHalf(context, difference)]);
}

/** Largest or smallest of several tensors. All that attain it share the gradient equally, as two do in PyTorch. */
const extremum =
  (sign: Sign): GradientRule =>
  (context) => {
    const { builder, node } = context;
    const { inputs } = node;
    const gradient = context.outputGradients[0]!;
    if (inputs.length === 1) return [gradient];
    if (inputs.length === 2)
      return inputs.map((_, index) => broadcastInput(context, index, () => lead(context, sign, index)));
    const hits = inputs.map((input) => equal(context, input, node.outputs[0]!));
    const share = builder.add('Div', [gradient, builder.add('Sum', hits)]);
    return inputs.map((_, index) =>
      broadcastInput(context, index, () => builder.add('Mul', [share, hits[index]!])),
    );
  };

/**
 * Clip(x, lower, upper). The gradient passes where lower <= x <= upper, bounds included, as in PyTorch's clamp;
 * outside, it goes to the bound that was taken.
 */
const clip: GradientRule = (context) => {
  const { builder, node } = context;
  const [input] = node.inputs as [string];
  const [output] = node.outputs as [string];
  const masked = (mask: string): string => builder.add('Mul', [context.outputGradients[0]!, mask]);
  const beyond = (from: string, to: string): string =>
    masked(positive(context, builder.add('Sub', [from, to])));
  return [
    broadcastInput(context, 0, () => masked(equal(context, input, output))),
    broadcastInput(context, 1, () => beyond(output, input)),
    broadcastInput(context, 2, () => beyond(input, output)),
  ];
};

/** Operators that pass on one of their inputs, the one that lies furthest. */
export const extremumRules: Readonly<Record<string, GradientRule>> = {
  Max: extremum('max'),
  Min: extremum('min'),
  Clip: clip,
};
