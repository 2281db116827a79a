import type { GradientRule, RuleContext } from '../rule.js';

/** What the rule of a function of one tensor works with. */
export interface UnaryContext extends RuleContext {
  /** Input x. */
  readonly x: string;
  /** Output y. */
  readonly y: string;
  /** Cotangent of y. */
  readonly g: string;
}

/** A rule for a function of one tensor, applied element by element, from what it emits for dx. */
export const unary =
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
export const pointwise = (derivative: (context: UnaryContext) => string): GradientRule =>
  unary((context) => context.builder.add('Mul', [context.g, derivative(context)]));

const LARGEST = (2 - 2 ** -23) * 2 ** 127;
const SMALLEST_NORMAL = 2 ** -126;

/**
 * Emits a derivative with its infinities replaced by the largest float32. A cotangent of 0 then gives 0: a branch that
 * Where does not take cannot turn the gradient of the one it takes into NaN, as 0 times infinity would.
 */
export const finite = ({ builder }: Pick<RuleContext, 'builder'>, value: string): string =>
  builder.add('Clip', [value, builder.scalar(-LARGEST), builder.scalar(LARGEST)]);

/**
 * Emits a divisor that is at least 0 with its zeros replaced by the smallest normal float32, which leaves a quotient
 * as large as 8e37 and, for the reason given at `finite`, 0 where the cotangent is 0.
 */
export const nonzero = ({ builder }: Pick<RuleContext, 'builder'>, value: string): string =>
  builder.add('Max', [value, builder.scalar(SMALLEST_NORMAL)]);
