import type { GradientRule } from '../rule.js';
import { finite, nonzero, pointwise, unary, type UnaryContext } from './unary.js';

/** Emits (1 + x)(1 - x), exact near its zeros where 1 - x^2 cancels. */
function cosineSquared({ builder, x }: UnaryContext): string {
  const one = builder.scalar(1);
  return builder.add('Mul', [builder.add('Add', [one, x]), builder.add('Sub', [one, x])]);
}

/** g / sqrt(value); at a zero of the value about 9e18 g, and 0 for g = 0. */
const overRoot = (context: UnaryContext, value: string): string => {
  const { builder, g } = context;
  return builder.add('Div', [g, builder.add('Sqrt', [nonzero(context, value)])]);
};

/**
 * Derivative 1 / (2 y). At 0, where it is infinite, it is 4e37: a cotangent of 0 gives 0, where PyTorch has NaN, and
 * a norm taken as sqrt(sum x^2) has the gradient 0 at the origin.
 */
const squareRoot = unary((context) => {
  const { builder, y, g } = context;
  return builder.add('Div', [builder.add('Mul', [g, builder.scalar(0.5)]), nonzero(context, y)]);
});

const negative = (emit: (context: UnaryContext) => string): GradientRule =>
  unary((context) => context.builder.add('Neg', [emit(context)]));

const sine = (context: UnaryContext): string => overRoot(context, cosineSquared(context));

/**
 * Elementary functions. Where one has a pole or overflows its derivative is large but finite, so that a cotangent
 * of 0 gives a gradient of 0: PyTorch gives NaN for those. Outside its domain a function is NaN, its gradient need not be.
 */
export const elementaryRules: Readonly<Record<string, GradientRule>> = {
  Neg: negative(({ g }) => g),
  Exp: pointwise((context) => finite(context, context.y)),
  /** 1 / x; 8e37 at 0. */
  Log: unary((context) => context.builder.add('Div', [context.g, nonzero(context, context.x)])),
  Sqrt: squareRoot,
  /** -y^2; -3e38 at 0. */
  Reciprocal: negative((context) => {
    const { builder, y, g } = context;
    return builder.add('Mul', [g, finite(context, builder.add('Mul', [y, y]))]);
  }),
  Sin: pointwise(({ builder, x }) => builder.add('Cos', [x])),
  Cos: negative(({ builder, x, g }) => builder.add('Mul', [g, builder.add('Sin', [x])])),
  Tan: pointwise(({ builder, y }) => builder.add('Add', [builder.add('Mul', [y, y]), builder.scalar(1)])),
  Asin: unary(sine),
  Acos: negative(sine),
  Atan: unary(({ builder, x, g }) =>
    builder.add('Div', [g, builder.add('Add', [builder.add('Mul', [x, x]), builder.scalar(1)])]),
  ),
  Sinh: pointwise((context) => finite(context, context.builder.add('Cosh', [context.x]))),
  Cosh: pointwise((context) => finite(context, context.builder.add('Sinh', [context.x]))),
  Asinh: unary((context) => {
    const { builder, x } = context;
    return overRoot(context, builder.add('Add', [builder.add('Mul', [x, x]), builder.scalar(1)]));
  }),
  Acosh: unary((context) => {
    const { builder, x } = context;
    const one = builder.scalar(1);
    return overRoot(
      context,
      builder.add('Mul', [builder.add('Sub', [x, one]), builder.add('Add', [x, one])]),
    );
  }),
  Atanh: unary((context) =>
    context.builder.add('Div', [context.g, nonzero(context, cosineSquared(context))]),
  ),
};
