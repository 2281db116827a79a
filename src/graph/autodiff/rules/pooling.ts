import { floatTensor } from '../../../tensor/tensor.js';
import { string } from '../../builder.js';
import { fixedDim } from '../blocked.js';
import { intAttribute, intsAttribute } from '../attributes.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { scatterWindows } from '../scatter.js';
import { axisRange, filled, reshape, reshapeLike } from '../shaping.js';
import { areTiles, extentOf, windowOf, type Window } from '../window.js';

/** Every element of a window gets an equal share of its gradient: of those inside the input, or of all with count_include_pad. */
const averagePool: GradientRule = (context) => {
  const { builder, node } = context;
  const kernel = intsAttribute(node, 'kernel_shape') ?? [];
  const window = windowOf(context, kernel);
  if (areTiles(window)) return [spreadOverTiles(context, window)];
  // One channel at a time: the batch and channel axes are merged, so that a kernel of a single filter serves all.
  const channels = fixedDim(context, context.dims(node.inputs[0]!)[1], 'number of channels');
  const merged = reshape(context, context.outputGradients[0]!, [{ batch: channels }, 1, ...window.output]);
  const shares = builder.initializer('const_shares', windowShares(context, window));
  const shared = builder.add('Mul', [merged, shares]);
  const spread = scatterWindows(context, shared, filled(context, [1, 1, ...kernel], 1), window, 1);
  return [reshapeLike(context, spread, node.inputs[0]!)];
};

/** Windows that tile the input: the gradient is enlarged, each value repeated over its tile. */
function spreadOverTiles(context: RuleContext, { kernel }: Window): string {
  const { builder } = context;
  const share = 1 / kernel.reduce((product, size) => product * size, 1);
  const shared = builder.add('Mul', [context.outputGradients[0]!, builder.scalar(share)]);
  const scales = floatTensor(Float32Array.of(1, 1, ...kernel), [kernel.length + 2]);
  return builder.add('Resize', [shared, '', builder.initializer('const_scales', scales)], {
    mode: string('nearest'),
    coordinate_transformation_mode: string('asymmetric'),
    nearest_mode: string('floor'),
  });
}

/** One over the number of elements each window averages, `[1, 1, ...output]`. */
function windowShares({ node }: RuleContext, window: Window) {
  const includePad = intAttribute(node, 'count_include_pad', 0) === 1;
  const pads = intsAttribute(node, 'pads');
  const rank = window.kernel.length;
  const perAxis = window.output.map((size, axis) => {
    const length = window.input[axis]!;
    const before = window.begin[axis]!;
    // With padding counted, a window that rounding the output's size up pushed out of the padded input still ends there.
    const after = includePad ? (pads?.[axis + rank] ?? extentOf(window, axis)) : 0;
    const lowest = includePad ? -before : 0;
    return axisRange(0, size).map((position) => {
      const start = position * window.strides[axis]! - before;
      const end = Math.min(start + window.kernel[axis]!, length + after);
      return end - Math.max(start, lowest);
    });
  });
  const counts = perAxis.reduce((products, sizes) => products.flatMap((p) => sizes.map((s) => p * s)), [1]);
  return floatTensor(
    Float32Array.from(counts, (count) => 1 / count),
    [1, 1, ...window.output],
  );
}

/** The mean over all spatial axes. */
const globalAveragePool: GradientRule = (context) => {
  const spatial = context.dims(context.node.inputs[0]!).slice(2);
  const sizes = spatial.map((dim) => fixedDim(context, dim, 'spatial size'));
  const share = 1 / sizes.reduce((product, size) => product * size, 1);
  const shares = filled(context, [1, 1, ...sizes], share);
  return [context.builder.add('Mul', [context.outputGradients[0]!, shares])];
};

/** Averages over windows of `[batch, channels, ...spatial]`. */
export const poolingRules: Readonly<Record<string, GradientRule>> = {
  AveragePool: averagePool,
  GlobalAveragePool: globalAveragePool,
};
