import type { InferredDim } from '../ir.js';
import { sumOver } from './row-sum.js';
import type { RuleContext } from './rule.js';
import { axisRange } from './shaping.js';

/**
 * Undoes broadcasting: emits the sum of `gradient` (of shape `from`) over the axes along which a tensor of shape `to`
 * was repeated, so that the result has shape `to`.
 */
export function sumToShape(
  context: RuleContext,
  gradient: string,
  from: readonly InferredDim[],
  to: readonly InferredDim[],
): string {
  const { builder } = context;
  const leading = axisRange(0, from.length - to.length);
  const stretched = axisRange(leading.length, from.length).filter(
    (axis) => to[axis - leading.length] === 1 && from[axis] !== 1,
  );
  const axes = [...leading, ...stretched];
  if (axes.length === 0) return gradient;
  const summed = sumOver(context, { value: gradient, dims: from, axes });
  return leading.length === 0 ? summed : builder.add('Squeeze', [summed, builder.ints(leading)]);
}

/** Emits the gradient of input `index` from its broadcast form, or null where it is not needed. */
export function broadcastInput(context: RuleContext, index: number, gradient: () => string): string | null {
  const { node, needs } = context;
  if (needs[index] !== true) return null;
  return sumToShape(context, gradient(), context.dims(node.outputs[0]!), context.dims(node.inputs[index]!));
}
