import { blocked } from '../blocked.js';
import { intAttribute } from '../attributes.js';
import { broadcastInput } from '../broadcasting.js';
import type { GradientRule } from '../rule.js';
import { extremumRules } from './extremum.js';
import { powerRules } from './power.js';

const add: GradientRule = (context) => {
  const gradient = context.outputGradients[0]!;
  return context.node.inputs.map((_, index) => broadcastInput(context, index, () => gradient));
};

const mean: GradientRule = (context) => {
  const { builder, node } = context;
  const share = builder.add('Mul', [context.outputGradients[0]!, builder.scalar(1 / node.inputs.length)]);
  return node.inputs.map((_, index) => broadcastInput(context, index, () => share));
};

const subtract: GradientRule = (context) => {
  const gradient = context.outputGradients[0]!;
  return [
    broadcastInput(context, 0, () => gradient),
    broadcastInput(context, 1, () => context.builder.add('Neg', [gradient])),
  ];
};

const multiply: GradientRule = (context) => {
  const { builder, node } = context;
  const gradient = context.outputGradients[0]!;
  return [
    broadcastInput(context, 0, () => builder.add('Mul', [gradient, node.inputs[1]!])),
    broadcastInput(context, 1, () => builder.add('Mul', [gradient, node.inputs[0]!])),
  ];
};

/** A divisor of 0 gives infinities, and NaN where the cotangent is 0, as in PyTorch. */
const divide: GradientRule = (context) => {
  const { builder, node } = context;
  const quotient = builder.add('Div', [context.outputGradients[0]!, node.inputs[1]!]);
  return [
    broadcastInput(context, 0, () => quotient),
    broadcastInput(context, 1, () => builder.add('Neg', [builder.add('Mul', [quotient, node.outputs[0]!])])),
  ];
};

/**
 * a - b trunc(a / b), C's fmod: derivative 1 by the dividend, at its jumps too, and -trunc(a / b) by the divisor, as
 * in PyTorch. The other form of Mod is for integers only.
 */
const modulo: GradientRule = (context) => {
  const { builder, node } = context;
  const [dividend, divisor] = node.inputs as [string, string];
  if (intAttribute(node, 'fmod', 0) !== 1) throw blocked(node, 'it is the modulo of integers');
  const gradient = context.outputGradients[0]!;
  const toDivisor = (): string => {
    const whole = builder.add('Sub', [node.outputs[0]!, dividend]);
    return builder.add('Mul', [gradient, builder.add('Div', [whole, divisor])]);
  };
  return [broadcastInput(context, 0, () => gradient), broadcastInput(context, 1, toDivisor)];
};

/** Where(condition, a, b): the gradient goes to the input that was taken. */
const where: GradientRule = (context) => {
  const { builder, node } = context;
  const [condition] = node.inputs as [string];
  const gradient = context.outputGradients[0]!;
  const nothing = builder.scalar(0);
  return [
    null,
    broadcastInput(context, 1, () => builder.add('Where', [condition, gradient, nothing])),
    broadcastInput(context, 2, () => builder.add('Where', [condition, nothing, gradient])),
  ];
};

/** Element-wise operators of several inputs, which broadcast. */
export const arithmeticRules: Readonly<Record<string, GradientRule>> = {
  ...extremumRules,
  ...powerRules,
  Add: add,
  Sum: add,
  Mean: mean,
  Sub: subtract,
  Mul: multiply,
  Div: divide,
  Mod: modulo,
  Where: where,
};
