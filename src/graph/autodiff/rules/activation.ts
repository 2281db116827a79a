import { float } from '../../builder.js';
import { floatAttribute } from '../attributes.js';
import { positive } from '../masks.js';
import type { GradientRule, RuleContext } from '../rule.js';

interface UnaryContext extends RuleContext {
  /** Input x. */
  readonly x: string;
  /** Output y. */
  readonly y: string;
  /** Cotangent of y. */
  readonly g: string;
}

/** A rule for a function of one tensor, applied element by element, from what it emits for dx. */
const unary =
  (emit: (context: UnaryContext) => string): GradientRule =>
  (context) => [
    emit({
      ...context,
      x: context.node.inputs[0]!,
      y: context.node.outputs[0]!,
      g: context.outputGradients[0]!,
    }),
  ];

/** A unary rule from the derivative's own value. */
const pointwise = (derivative: (context: UnaryContext) => string): GradientRule =>
  unary((context) => context.builder.add('Mul', [context.g, derivative(context)]));

/** Derivative 0 at 0; the mask is taken from the output, which is positive exactly where the input is. */
const relu = pointwise((context) => positive(context, context.y));

/** Derivative `alpha` at 0, as in PyTorch. */
const leakyRelu = pointwise(({ builder, node, x }) => {
  const slope = builder.scalar(floatAttribute(node, 'alpha', 0.01));
  return builder.add('Where', [builder.add('Greater', [x, builder.scalar(0)]), builder.scalar(1), slope]);
});

/**
 * Emits e / (s (1 + e))^2 with e = exp(-rate |x|): the derivative of a logistic curve. The textbook forms y (1 - y)
 * and 1 - y^2 become zero or noise where y rounds to its limit, ONNX Runtime's Sigmoid already at x = -18; this one
 * keeps its relative precision down to 1e-38, so that a saturated unit still says which way is up.
 */
function logisticSlope({ builder, x }: UnaryContext, rate: number, scale: number): string {
  const decay = builder.add('Exp', [builder.add('Mul', [builder.add('Abs', [x]), builder.scalar(-rate)])]);
  const sum = builder.add('Add', [decay, builder.scalar(1)]);
  const root = scale === 1 ? sum : builder.add('Mul', [sum, builder.scalar(scale)]);
  return builder.add('Div', [decay, builder.add('Mul', [root, root])]);
}

/** Derivative 2 / sqrt(pi) * exp(-x^2). */
const erf = pointwise(({ builder, x }) => {
  const bell = builder.add('Exp', [builder.add('Neg', [builder.add('Mul', [x, x])])]);
  return builder.add('Mul', [bell, builder.scalar(2 / Math.sqrt(Math.PI))]);
});

/** Derivative 1 / (2 y). */
const squareRoot = unary(({ builder, y, g }) =>
  builder.add('Div', [builder.add('Mul', [g, builder.scalar(0.5)]), y]),
);

/** clip(alpha x + beta, 0, 1): derivative alpha strictly inside, 0 at both kinks, as in PyTorch. */
const hardSigmoid = pointwise((context) => {
  const { builder, node, y } = context;
  const room = builder.add('Sub', [builder.scalar(1), y]);
  const inside = builder.add('Mul', [positive(context, y), positive(context, room)]);
  return builder.add('Mul', [inside, builder.scalar(floatAttribute(node, 'alpha', 0.2))]);
});

/** x * clip(x / 6 + 1/2, 0, 1): derivative h(x) + x h'(x), with h' as for HardSigmoid. */
const hardSwish = pointwise((context) => {
  const { builder, x } = context;
  const gate = builder.add('HardSigmoid', [x], { alpha: float(1 / 6), beta: float(0.5) });
  const room = builder.add('Sub', [builder.scalar(1), gate]);
  const inside = builder.add('Mul', [positive(context, gate), positive(context, room)]);
  const slope = builder.add('Mul', [builder.add('Mul', [inside, x]), builder.scalar(1 / 6)]);
  return builder.add('Add', [gate, slope]);
});

/** Element-wise operators of one input. Where a function has a kink, its own comment gives the derivative there. */
export const activationRules: Readonly<Record<string, GradientRule>> = {
  Relu: relu,
  LeakyRelu: leakyRelu,
  Sigmoid: pointwise((context) => logisticSlope(context, 1, 1)),
  Tanh: pointwise((context) => logisticSlope(context, 2, 0.5)),
  Erf: erf,
  Sqrt: squareRoot,
  HardSigmoid: hardSigmoid,
  HardSwish: hardSwish,
  /** The logistic function, as exp(x - y): see logisticSlope. */
  Softplus: pointwise(({ builder, x, y }) => builder.add('Exp', [builder.add('Sub', [x, y])])),
  Exp: pointwise(({ y }) => y),
  Log: unary(({ builder, x, g }) => builder.add('Div', [g, x])),
  Neg: unary(({ builder, g }) => builder.add('Neg', [g])),
  Reciprocal: pointwise(({ builder, y }) => builder.add('Neg', [builder.add('Mul', [y, y])])),
  /** Derivative 0 at 0. */
  Abs: pointwise(({ builder, x }) => builder.add('Sign', [x])),
};
