import { int } from '../builder.js';
import type { RuleContext } from './rule.js';

/** Emits a float32 tensor: 1 where the two values, which broadcast, are equal (infinities included), else 0. */
export const equal = ({ builder }: Pick<RuleContext, 'builder'>, a: string, b: string): string =>
  builder.add('Cast', [builder.add('Equal', [a, b])], { to: int(1) });
