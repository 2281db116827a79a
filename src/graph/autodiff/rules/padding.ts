import { returnToSources, type Along } from '../along-axis.js';
import { blocked, constantInput, fixedDim } from '../blocked.js';
import { stringAttribute } from '../attributes.js';
import type { GradientRule } from '../rule.js';
import { axisRange } from '../shaping.js';

/** Where, on a line of `size` elements, the element at place `i` comes from; places before 0 and from `size` on are padding. */
const SOURCES: Readonly<Record<string, (i: number, size: number) => number>> = {
  edge: (i, size) => Math.min(Math.max(i, 0), size - 1),
  reflect: (i, size) => (i < 0 ? -i : i < size ? i : 2 * (size - 1) - i),
};

/**
 * Padding. Constant padding and cropping (a negative amount) are undone by the opposite amount; a line that was
 * extended by its own elements collects from all of their copies. The amounts must be constant; a constant's value gets
 * no gradient.
 */
const pad: GradientRule = (context) => {
  const { builder, node, needs, dims } = context;
  const mode = stringAttribute(node, 'mode', 'constant');
  const amounts = constantInput(context, 1, 'pads') ?? [];
  const gradient = context.outputGradients[0]!;
  if (mode === 'constant') {
    if (needs[2] === true) throw blocked(node, 'the padded value is not constant');
    return [builder.add('Pad', [gradient, builder.ints(amounts.map((amount) => -amount))])];
  }
  const sourceOf = SOURCES[mode];
  if (sourceOf === undefined) throw blocked(node, `its mode is "${mode}"`);
  const from = dims(node.inputs[0]!);
  const padded: Along = { value: gradient, dims: dims(node.outputs[0]!), axis: 0 };
  const returned = axisRange(0, from.length).reduce((along, axis) => {
    const [before, after] = [amounts[axis]!, amounts[axis + from.length]!];
    if (before === 0 && after === 0) return along;
    const size = fixedDim(context, from[axis], 'padded axis');
    // What is cropped is gone before the rest is extended.
    const cropped = Math.max(-before, 0);
    const left = size - cropped - Math.max(-after, 0);
    const sources = axisRange(-Math.max(before, 0), left + Math.max(after, 0)).map(
      (i) => cropped + sourceOf(i, left),
    );
    return returnToSources(context, { ...along, axis }, sources, size);
  }, padded);
  return [returned.value];
};

/** Operators that add elements at the ends of axes. */
export const paddingRules: Readonly<Record<string, GradientRule>> = { Pad: pad };
