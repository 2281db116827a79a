import type { Node } from '../../ir.js';
import { intOf, intsOf, without, type OpsetRule } from '../opset-rule.js';
import { emitterWith, type Emitter } from './emitter.js';
import { convolutionWindow, windowCounts, windowSums } from './window-sum.js';

const hasHoles = (node: Node): boolean =>
  (intsOf(node, 'dilations') ?? []).some((dilation) => dilation !== 1);

/** With dilations, of 19: sums over windows divided by how many elements they see. */
const averagePool: OpsetRule = (node, { builder }) => {
  if (!hasHoles(node)) return [{ ...node, attributes: without(node.attributes, 'dilations') }];
  const window = convolutionWindow(node);
  const includePad = intOf(node, 'count_include_pad', 0) === 1;
  // What of the padding counts is not told by the number of ones a window sees.
  if (window === undefined || (includePad && intOf(node, 'ceil_mode', 0) === 1)) return undefined;
  const emitter = emitterWith(builder);
  const x = node.inputs[0]!;
  const taps = window.kernel.reduce((product, size) => product * size, 1);
  const counts = includePad ? builder.scalar(taps) : windowCounts(emitter, x, window);
  emitter.emit('Div', [windowSums(emitter, x, window), counts], {}, node.outputs[0]);
  return emitter.nodes;
};

/** With dilations or rounding up, of 18: (sum |x|^p)^(1/p). */
const lpPool: OpsetRule = (node, { builder }) => {
  if (!hasHoles(node) && intOf(node, 'ceil_mode', 0) === 0)
    return [{ ...node, attributes: without(node.attributes, 'dilations', 'ceil_mode') }];
  const window = convolutionWindow(node);
  if (window === undefined) return undefined;
  const emitter = emitterWith(builder);
  const order = intOf(node, 'p', 2);
  const magnitudes = emitter.emit('Abs', [node.inputs[0]!]);
  const powers = order === 1 ? magnitudes : emitter.emit('Pow', [magnitudes, builder.scalar(order)]);
  const sums = windowSums(emitter, powers, window);
  if (order === 1) emitter.emit('Identity', [sums], {}, node.outputs[0]);
  else root(emitter, sums, order, node.outputs[0]!);
  return emitter.nodes;
};

/** The smallest normal float32. */
const TINY = 2 ** -126;

/** The root of sums of which 0 is one: there it is 0, and so is its gradient, where that of the power is infinite. */
function root({ builder, emit }: Emitter, sums: string, order: number, output: string): void {
  const bounded = emit('Max', [sums, builder.scalar(TINY)]);
  const roots = emit('Pow', [bounded, builder.scalar(1 / order)]);
  emit('Where', [emit('Greater', [sums, builder.scalar(0)]), roots, builder.scalar(0)], {}, output);
}

/** How to write a pooling of a later operator set in 17. */
export const poolingLowerings: Readonly<Record<string, OpsetRule>> = {
  AveragePool: averagePool,
  LpPool: lpPool,
};
