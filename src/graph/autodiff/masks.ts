import { float } from '../builder.js';
import type { RuleContext } from './rule.js';

/**
 * Masks are float32 0/1 tensors made with HardSigmoid, clip(alpha * x + beta, 0, 1), whose slope is so steep that
 * every normal float other than zero saturates it: one pass over memory, and the product with a mask is another,
 * where a comparison and Where take three.
 */
const STEEP = 1e38;

/** 1 where `value` > 0, else 0. */
export const positive = (context: RuleContext, value: string): string =>
  context.builder.add('HardSigmoid', [value], { alpha: float(STEEP), beta: float(0) });

/** 1 where `value` is 0, else 0. */
export function zero(context: RuleContext, value: string): string {
  const magnitude = context.builder.add('Abs', [value]);
  return context.builder.add('HardSigmoid', [magnitude], { alpha: float(-STEEP), beta: float(1) });
}

/** 1 where `value` > 0, one half where it is 0, else 0. */
export const positiveOrHalf = (context: RuleContext, value: string): string =>
  context.builder.add('HardSigmoid', [value], { alpha: float(STEEP), beta: float(0.5) });
