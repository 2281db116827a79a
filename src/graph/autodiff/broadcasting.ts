import type { RuleContext } from './rule.js';
import { sumToShape } from './shaping.js';

/** Emits the gradient of input `index` from its broadcast form, or null where it is not needed. */
export function broadcastInput(context: RuleContext, index: number, gradient: () => string): string | null {
  const { node, needs } = context;
  if (needs[index] !== true) return null;
  return sumToShape(context, gradient(), context.dims(node.outputs[0]!), context.dims(node.inputs[index]!));
}
