import { floatTensor } from '../../../tensor/tensor.js';
import { int, ints } from '../../builder.js';
import { fixedDim } from '../blocked.js';
import { intAttribute } from '../attributes.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { axisRange, reshape } from '../shaping.js';
import { scatterWindows } from '../scatter.js';
import { extentOf, reachAfter, windowOf, type Window } from '../window.js';

/**
 * Convolution `[batch, C, ...in]`, weight `[M, C / groups, ...kernel]`, bias `[M]` -> `[batch, M, ...out]`, in any
 * number of spatial axes.
 *
 * The gradient of the input is again a convolution, of the cotangent with the flipped and transposed weight, where
 * the stride is 1 (ONNX Runtime folds the flip of a constant weight when it loads the graph, and runs convolutions
 * faster than their transposes); elsewhere a transposed convolution.
 */
const convolution: GradientRule = (context) => {
  const { builder, node, needs, outputGradients } = context;
  const g = outputGradients[0]!;
  const weight = context.dims(node.inputs[1]!).map((dim) => fixedDim(context, dim, 'weight shape'));
  const window = windowOf(context, weight.slice(2));
  const groups = intAttribute(node, 'group', 1);
  const spatial = axisRange(2, weight.length);
  return [
    needs[0] === true ? inputGradient(context, g, weight, window, groups) : null,
    needs[1] === true ? weightGradient(context, g, weight, window, groups) : null,
    needs[2] === true
      ? builder.add('ReduceSum', [g, builder.ints([0, ...spatial])], { keepdims: int(0) })
      : null,
  ];
};

function inputGradient(
  context: RuleContext,
  g: string,
  weight: readonly number[],
  window: Window,
  groups: number,
): string {
  const { builder, node } = context;
  const begin = window.kernel.map((_, axis) => extentOf(window, axis) - 1 - window.begin[axis]!);
  const end = window.kernel.map((_, axis) => extentOf(window, axis) - 1 - reachAfter(window, axis));
  if (groups === 1 && hasFewChannels(weight)) return throughTaps(context, g, weight, window);
  const unitStride = window.strides.every((stride) => stride === 1);
  if (!unitStride || [...begin, ...end].some((pad) => pad < 0)) {
    return scatterWindows(context, g, node.inputs[1]!, window, groups);
  }
  return builder.add('Conv', [g, flipped(context, weight, groups)], {
    pads: ints([...begin, ...end]),
    dilations: ints(window.dilations),
    group: int(groups),
  });
}

/** A first layer, in short: back to as few channels as images have, a convolution would waste most of every vector. */
function hasFewChannels([filters, channels, ...kernel]: readonly number[]): boolean {
  return channels! <= 4 && filters! >= 4 * channels! && kernel.some((size) => size > 1);
}

/**
 * The product of the cotangent with the weights of every tap, one result channel for each channel and tap, then each tap's
 * share laid down where the tap had looked: three times as fast as a convolution that has few result channels.
 */
function throughTaps(context: RuleContext, g: string, weight: readonly number[], window: Window): string {
  const { builder, node } = context;
  const [filters, channels, ...kernel] = weight as [number, number, ...number[]];
  const taps = kernel.reduce((product, size) => product * size, 1);
  const rows = reshape(context, node.inputs[1]!, [filters, channels * taps]);
  const pointwise = reshape(context, builder.add('Transpose', [rows], { perm: ints([1, 0]) }), [
    channels * taps,
    filters,
    ...kernel.map(() => 1),
  ]);
  const shares = builder.add('Conv', [g, pointwise]);
  const places = new Float32Array(channels * taps * taps);
  for (let i = 0; i < channels * taps; i++) places[i * taps + (i % taps)] = 1;
  const placing = builder.initializer('const_taps', floatTensor(places, [channels * taps, 1, ...kernel]));
  return scatterWindows(context, shares, placing, window, channels);
}

/** `[M, C / groups, ...kernel]` -> `[C, M / groups, ...kernel]`, every kernel turned round. */
function flipped(context: RuleContext, weight: readonly number[], groups: number): string {
  const { builder, node } = context;
  const [filters, channels, ...kernel] = weight as [number, number, ...number[]];
  const axes = axisRange(2, weight.length);
  const grouped = reshape(context, node.inputs[1]!, [groups, filters / groups, channels, ...kernel]);
  const perm = [0, 2, 1, ...axes.map((axis) => axis + 1)];
  const swapped = builder.add('Transpose', [grouped], { perm: ints(perm) });
  const merged = reshape(context, swapped, [groups * channels, filters / groups, ...kernel]);
  if (kernel.every((size) => size === 1)) return merged;
  const all = (value: number): string => builder.ints(kernel.map(() => value));
  return builder.add('Slice', [merged, all(-1), all(-Number.MAX_SAFE_INTEGER), builder.ints(axes), all(-1)]);
}

/**
 * dW[m, c, k] = sum over batch and positions of g[m, position] x[c, position seen by tap k]: the taps are strided
 * slices of the padded input, put side by side and multiplied by the cotangent, per example and group.
 */
function weightGradient(
  context: RuleContext,
  g: string,
  weight: readonly number[],
  window: Window,
  groups: number,
): string {
  const { builder, node } = context;
  const [filters, channels, ...kernel] = weight as [number, number, ...number[]];
  const positions = window.output.reduce((product, size) => product * size, 1);
  const axes = builder.ints(axisRange(2, weight.length));
  const padded = padInput(context, node.inputs[0]!, window);
  const taps = tapsOf(kernel).map((tap) => {
    const starts = tap.map((offset, axis) => offset * window.dilations[axis]!);
    const ends = starts.map((start, axis) => start + (window.output[axis]! - 1) * window.strides[axis]! + 1);
    const slice = [padded, builder.ints(starts), builder.ints(ends), axes, builder.ints(window.strides)];
    return reshape(context, builder.add('Slice', slice), [{ batch: 1 }, groups * channels, 1, positions]);
  });
  const columns = taps.length === 1 ? taps[0]! : builder.add('Concat', taps, { axis: int(2) });
  const right = reshape(context, columns, [{ batch: 1 }, groups, channels * taps.length, positions]);
  const left = reshape(context, g, [{ batch: 1 }, groups, filters / groups, positions]);
  const transposed = builder.add('Transpose', [right], { perm: ints([0, 1, 3, 2]) });
  const perExample = builder.add('MatMul', [left, transposed]);
  const total = builder.add('ReduceSum', [perExample, builder.ints([0])], { keepdims: int(0) });
  return reshape(context, total, weight);
}

/** The input with all padding that a window reaches made explicit. */
function padInput({ builder }: RuleContext, input: string, window: Window): string {
  const end = window.input.map((_, axis) => Math.max(reachAfter(window, axis), 0));
  if ([...window.begin, ...end].every((pad) => pad === 0)) return input;
  return builder.add('Pad', [input, builder.ints([0, 0, ...window.begin, 0, 0, ...end])]);
}

/** Every position inside a kernel, last axis fastest. */
function tapsOf(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (taps, size) => taps.flatMap((tap) => axisRange(0, size).map((offset) => [...tap, offset])),
    [[]],
  );
}

export const convolutionRules: Readonly<Record<string, GradientRule>> = { Conv: convolution };
