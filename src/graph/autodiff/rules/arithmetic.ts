import { floatTensor } from '../../../tensor/tensor.js';
import { blocked } from '../blocked.js';
import { positive, positiveOrHalf, zero } from '../masks.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { sumToShape } from '../shaping.js';

/** Emits the gradient of input `index` from its broadcast form, or null where it is not needed. */
function broadcastInput(context: RuleContext, index: number, gradient: () => string): string | null {
  const { node, needs } = context;
  if (needs[index] !== true) return null;
  return sumToShape(context, gradient(), context.dims(node.outputs[0]!), context.dims(node.inputs[index]!));
}

const add: GradientRule = (context) => {
  const gradient = context.outputGradients[0]!;
  return context.node.inputs.map((_, index) => broadcastInput(context, index, () => gradient));
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

const divide: GradientRule = (context) => {
  const { builder, node } = context;
  const quotient = builder.add('Div', [context.outputGradients[0]!, node.inputs[1]!]);
  return [
    broadcastInput(context, 0, () => quotient),
    broadcastInput(context, 1, () => builder.add('Neg', [builder.add('Mul', [quotient, node.outputs[0]!])])),
  ];
};

/**
 * x^p with a constant p: p x^(p-1), and 0 for p = 0 even where x = 0.
 * The exponent itself gets no gradient: one that needs it blocks.
 */
const power: GradientRule = (context) => {
  const { builder, node, needs } = context;
  const [base, exponent] = node.inputs as [string, string];
  if (needs[1] === true) throw blocked(node, 'its exponent is not constant');
  const tensor = context.constant(exponent);
  if (tensor === undefined) throw blocked(node, 'its exponent is only known at run time');
  const values = Float32Array.from(tensor.data as ArrayLike<number | bigint>, Number);
  const factor = builder.initializer('const_power', floatTensor(values, tensor.dims));
  const lowered = floatTensor(
    values.map((value) => (value === 0 ? 0 : value - 1)),
    tensor.dims,
  );
  // ONNX Runtime has a fast path for an exponent of 2, none for 1.
  const raised = values.every((value) => value === 2)
    ? base
    : builder.add('Pow', [base, builder.initializer('const_power', lowered)]);
  const derivative = builder.add('Mul', [factor, raised]);
  return [
    broadcastInput(context, 0, () => builder.add('Mul', [context.outputGradients[0]!, derivative])),
    null,
  ];
};

/** Maximum or minimum of two tensors. Where they are equal, each gets half of the gradient, as in PyTorch. */
const extremum =
  (sign: 'max' | 'min'): GradientRule =>
  (context) => {
    const { builder, node } = context;
    const gradient = context.outputGradients[0]!;
    if (node.inputs.length === 1) return [gradient];
    if (node.inputs.length > 2) throw blocked(node, 'it has more than two inputs');
    const [first, second] = node.inputs as [string, string];
    const share = (mine: string, other: string): string => {
      const lead = sign === 'max' ? [mine, other] : [other, mine];
      return builder.add('Mul', [gradient, positiveOrHalf(context, builder.add('Sub', lead))]);
    };
    return [
      broadcastInput(context, 0, () => share(first, second)),
      broadcastInput(context, 1, () => share(second, first)),
    ];
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

/**
 * Clip(x, lower, upper). The gradient passes where lower <= x <= upper, bounds included, as in PyTorch's clamp;
 * outside, it goes to the bound that was taken.
 */
const clip: GradientRule = (context) => {
  const { builder, node } = context;
  const [input] = node.inputs as [string];
  const [output] = node.outputs as [string];
  const gradient = context.outputGradients[0]!;
  const difference = (): string => builder.add('Sub', [input, output]);
  const masked = (mask: string): string => builder.add('Mul', [gradient, mask]);
  return [
    broadcastInput(context, 0, () => masked(zero(context, difference()))),
    broadcastInput(context, 1, () => masked(positive(context, builder.add('Neg', [difference()])))),
    broadcastInput(context, 2, () => masked(positive(context, difference()))),
  ];
};

/** Element-wise operators of several inputs, which broadcast. */
export const arithmeticRules: Readonly<Record<string, GradientRule>> = {
  Add: add,
  Sum: add,
  Sub: subtract,
  Mul: multiply,
  Div: divide,
  Pow: power,
  Max: extremum('max'),
  Min: extremum('min'),
  Where: where,
  Clip: clip,
};
