import { int, ints } from '../../builder.js';
import type { InferredDim } from '../../ir.js';
import { fixedDim } from '../blocked.js';
import { intAttribute } from '../attributes.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { axisRange, reshape } from '../shaping.js';
import { reachAfter, transposedWindowOf, type Window } from '../window.js';

/**
 * Transposed convolution `[batch, C, ...in]`, weight `[C, M / groups, ...kernel]`, bias `[M]` -> `[batch, M, ...out]`: the
 * transpose of the convolution from `[batch, M, ...out]` to `[batch, C, ...in]` with the same weight. The gradient of the
 * input is therefore that convolution of the cotangent.
 */
const transposedConvolution: GradientRule = (context) => {
  const { builder, node, needs, outputGradients } = context;
  const weight = context.dims(node.inputs[1]!).map((dim) => fixedDim(context, dim, 'weight shape'));
  const window = transposedWindowOf(context, weight.slice(2));
  const groups = intAttribute(node, 'group', 1);
  const end = window.input.map((_, axis) => reachAfter(window, axis));
  const pads = ints([...window.begin, ...end.map((pad) => Math.max(pad, 0))]);
  const seen = withoutUnread(context, outputGradients[0]!, window, end);
  const spatial = axisRange(2, weight.length);
  const inputGradient = () =>
    builder.add('Conv', [seen, node.inputs[1]!], {
      ...{ pads, group: int(groups) },
      strides: ints(window.strides),
      dilations: ints(window.dilations),
    });
  return [
    needs[0] === true ? inputGradient() : null,
    needs[1] === true ? weightGradient(context, seen, weight, window, groups, pads) : null,
    needs[2] === true
      ? builder.add('ReduceSum', [outputGradients[0]!, builder.ints([0, ...spatial])], { keepdims: int(0) })
      : null,
  ];
};

/** The cotangent without the elements at its end that no window reaches: output padding made them. */
function withoutUnread(context: RuleContext, g: string, window: Window, end: readonly number[]): string {
  const { builder } = context;
  if (end.every((pad) => pad >= 0)) return g;
  const ends = window.input.map((size, axis) => size + Math.min(end[axis]!, 0));
  const axes = axisRange(2, 2 + ends.length);
  return builder.add('Slice', [g, builder.ints(ends.map(() => 0)), builder.ints(ends), builder.ints(axes)]);
}

/**
 * dW[c, m, k] = sum over batch and positions of x[c, position] g[m, position stride + k dilation]: a convolution whose kernel
 * is x, as large as the image, with strides and dilations exchanged, and with the batch in the role of the channels.
 */
function weightGradient(
  context: RuleContext,
  g: string,
  [channels, filters, ...kernel]: readonly number[],
  window: Window,
  groups: number,
  pads: ReturnType<typeof ints>,
): string {
  const { builder, node } = context;
  const spatial = kernel.map((_, axis) => axis + 2);
  const swapped = (value: string): string =>
    builder.add('Transpose', [value], { perm: ints([1, 0, ...spatial]) });
  const read = window.input.map((size, axis) => size + Math.min(reachAfter(window, axis), 0));
  // [batch, groups, M / groups, ...] -> [M / groups, groups x batch, ...]
  const apart = reshape(context, g, [{ batch: 1 }, groups, filters!, ...read]);
  const perm = [2, 1, 0, ...kernel.map((_, axis) => axis + 3)];
  const grouped: InferredDim[] = [filters!, { batch: groups }, ...read];
  const images = reshape(context, builder.add('Transpose', [apart], { perm: ints(perm) }), grouped);
  const product = builder.add('Conv', [images, swapped(node.inputs[0]!)], {
    ...{ pads, group: int(groups) },
    strides: ints(window.dilations),
    dilations: ints(window.strides),
  });
  return reshape(context, swapped(product), [channels!, filters!, ...kernel]);
}

export const transposedConvolutionRules: Readonly<Record<string, GradientRule>> = {
  ConvTranspose: transposedConvolution,
};
