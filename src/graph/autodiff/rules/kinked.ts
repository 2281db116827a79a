import { float } from '../../builder.js';
import { floatAttribute } from '../attributes.js';
import { positive } from '../masks.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { sumToShape } from '../broadcasting.js';
import { pointwise, type UnaryContext } from './unary.js';

/** Takes every normal float other than zero beyond 1 or -1, without overflow up to 3.4. */
const STEEP = 1e38;

/** Derivative 0 at 0; the mask is taken from the output, which is positive exactly where the input is. */
const relu = pointwise((context) => positive(context, context.y));

/** Derivative 0 at 0, as in PyTorch. A steep clipped line costs half of what Sign does. */
const abs = pointwise(({ builder, x }) => {
  const steep = builder.add('Mul', [x, builder.scalar(STEEP)]);
  return builder.add('Clip', [steep, builder.scalar(-1), builder.scalar(1)]);
});

/** Derivative `alpha` at 0, as in PyTorch. */
const leakyRelu = pointwise(({ builder, node, x }) => {
  const slope = floatAttribute(node, 'alpha', 0.01);
  const above = builder.scalar(1);
  if (slope < 0 || slope > 1)
    return builder.add('Where', [
      builder.add('Greater', [x, builder.scalar(0)]),
      above,
      builder.scalar(slope),
    ]);
  const steep = builder.add('Mul', [x, builder.scalar(STEEP)]);
  return builder.add('Clip', [steep, builder.scalar(slope), above]);
});

/** Emits 1 where x > 0 and the slope elsewhere. */
function leak(context: RuleContext, x: string, slope: string): string {
  const { builder } = context;
  const tensor = context.constant(slope);
  // The larger of mask and slope is one pass less than a comparison and Where.
  if (tensor !== undefined && (tensor.data as Float32Array).every((value) => value >= 0 && value <= 1))
    return builder.add('Max', [positive(context, x), slope]);
  return builder.add('Where', [builder.add('Greater', [x, builder.scalar(0)]), builder.scalar(1), slope]);
}

/** LeakyRelu with a tensor of slopes, which broadcasts to x: at 0 the derivative is the slope, as in PyTorch. */
const preluRule: GradientRule = (context) => {
  const { builder, node, needs, dims } = context;
  const [x, slope] = node.inputs as [string, string];
  const g = context.outputGradients[0]!;
  const toSlope = (): string => {
    const below = builder.add('Min', [x, builder.scalar(0)]);
    return sumToShape(context, builder.add('Mul', [g, below]), dims(x), dims(slope));
  };
  return [
    needs[0] === true ? builder.add('Mul', [g, leak(context, x, slope)]) : null,
    needs[1] === true ? toSlope() : null,
  ];
};

/** Emits `above` where x > 0 and `below` e^x elsewhere. */
function exponentialUnit({ builder, x }: UnaryContext, below: number, above: number): string {
  const decay = (argument: string): string => {
    const exp = builder.add('Exp', [argument]);
    return below === 1 ? exp : builder.add('Mul', [exp, builder.scalar(below)]);
  };
  if (below === above) return decay(builder.add('Min', [x, builder.scalar(0)]));
  const isAbove = builder.add('Greater', [x, builder.scalar(0)]);
  return builder.add('Where', [isAbove, builder.scalar(above), decay(x)]);
}

/** Derivative `alpha` at 0, as in PyTorch. */
const elu = pointwise((context) => exponentialUnit(context, floatAttribute(context.node, 'alpha', 1), 1));

/** Derivative `gamma` times `alpha` at 0, as in PyTorch. */
const selu = pointwise((context) => {
  const gamma = floatAttribute(context.node, 'gamma', 1.05070102214813);
  return exponentialUnit(context, gamma * floatAttribute(context.node, 'alpha', 1.67326319217681), gamma);
});

/** e^(x / alpha) below 0, else 1: it has no jump. */
const celu = pointwise(({ builder, node, x }) => {
  const alpha = floatAttribute(node, 'alpha', 1);
  const below = builder.add('Min', [x, builder.scalar(0)]);
  return builder.add('Exp', [alpha === 1 ? below : builder.add('Mul', [below, builder.scalar(1 / alpha)])]);
});

/** x where x > alpha, else 0. Derivative 0 at alpha, as PyTorch's threshold. */
const thresholdedRelu = pointwise((context) => {
  const { builder, node, x, y } = context;
  const alpha = floatAttribute(node, 'alpha', 1);
  if (alpha >= 0) return positive(context, y);
  return positive(context, builder.add('Sub', [x, builder.scalar(alpha)]));
});

/** Derivative 1 where |x| > lambd, else 0, at both kinks too, as PyTorch's hardshrink and softshrink. */
const shrink = pointwise((context) => {
  const { builder, node, x } = context;
  const excess = builder.add('Sub', [
    builder.add('Abs', [x]),
    builder.scalar(floatAttribute(node, 'lambd', 0.5)),
  ]);
  return positive(context, excess);
});

/** clip(alpha x + beta, 0, 1): derivative alpha strictly inside, 0 at both kinks, as in PyTorch. */
const hardSigmoid = pointwise((context) => {
  const { builder, node, y } = context;
  const room = builder.add('Mul', [y, builder.add('Sub', [builder.scalar(1), y])]);
  const slope = builder.scalar(floatAttribute(node, 'alpha', 0.2));
  return builder.add('Mul', [positive(context, room), slope]);
});

/**
 * x h(x) with h = clip(x / 6 + 1/2, 0, 1): derivative h(x) + x h'(x), which is 0 at -3 and 1 at 3. There PyTorch's own
 * kernels differ from each other.
 */
const hardSwish = pointwise(({ builder, x }) => {
  const gate = builder.add('HardSigmoid', [x], { alpha: float(1 / 6), beta: float(0.5) });
  // 1 where |x| < 3, else 0; powers of two make the zero at 3 exact.
  const inside = builder.add('HardSigmoid', [builder.add('Abs', [x])], {
    alpha: float(-(2 ** 125)),
    beta: float(3 * 2 ** 125),
  });
  const slope = builder.add('Mul', [builder.add('Mul', [inside, x]), builder.scalar(1 / 6)]);
  return builder.add('Add', [gate, slope]);
});

/** Functions made of pieces. Each one's own comment gives the derivative where two pieces meet. */
export const kinkedRules: Readonly<Record<string, GradientRule>> = {
  Relu: relu,
  LeakyRelu: leakyRelu,
  PRelu: preluRule,
  Abs: abs,
  Elu: elu,
  Selu: selu,
  Celu: celu,
  ThresholdedRelu: thresholdedRelu,
  Shrink: shrink,
  HardSigmoid: hardSigmoid,
  HardSwish: hardSwish,
};
