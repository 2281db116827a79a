import { int, ints } from '../builder.js';
import type { RuleContext } from './rule.js';
import { reachAfter, type Window } from './window.js';

/**
 * Emits the transposed convolution that takes a cotangent `[batch, M, ...window.output]` back to
 * `[batch, C, ...window.input]`: every output position adds its value times the kernel to the inputs it saw.
 * `weight` is `[M, C / groups, ...kernel]`, as in the convolution itself.
 */
export function scatterWindows(
  { builder }: RuleContext,
  gradient: string,
  weight: string,
  window: Window,
  groups: number,
): string {
  const reach = window.input.map((_, axis) => reachAfter(window, axis));
  const end = reach.map((after) => Math.max(after, 0));
  return builder.add('ConvTranspose', [gradient, weight], {
    strides: ints(window.strides),
    dilations: ints(window.dilations),
    group: int(groups),
    pads: ints([...window.begin, ...end]),
    output_padding: ints(reach.map((after) => Math.max(-after, 0))),
  });
}
