import type { Node } from '../../src/graph/ir.js';
import { listOf, numberOf, sizeOf, textOf } from './tensor.js';

/** One spatial axis of a convolution or pooling. */
export interface WindowAxis {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly begin: number;
  readonly end: number;
}

/** What stands in a node's attributes about one spatial axis. */
function axisOf(node: Node, axis: number, kernel: number) {
  const stride = listOf(node, 'strides')?.[axis] ?? 1;
  const dilation = listOf(node, 'dilations')?.[axis] ?? 1;
  return { kernel, stride, dilation, extent: dilation * (kernel - 1) + 1 };
}

function padsOf(node: Node, axis: number, rank: number): { begin: number; end: number } {
  const pads = textOf(node, 'auto_pad', 'NOTSET') === 'VALID' ? undefined : listOf(node, 'pads');
  return { begin: pads?.[axis] ?? 0, end: pads?.[axis + rank] ?? 0 };
}

/** Splits padding between begin and end; the larger half of an odd number comes last for SAME_UPPER only. */
function split(total: number, mode: string): { begin: number; end: number } {
  const small = Math.floor(total / 2);
  const begin = mode === 'SAME_UPPER' ? small : total - small;
  return { begin, end: total - begin };
}

/** Reads the geometry of a sliding window from ONNX attributes. */
export function windowAxes(node: Node, input: readonly number[], kernel: readonly number[]): WindowAxis[] {
  const mode = textOf(node, 'auto_pad', 'NOTSET');
  return kernel.map((size, axis) => {
    const length = input[axis]!;
    const { extent, ...common } = axisOf(node, axis, size);
    const { stride } = common;
    if (mode.startsWith('SAME')) {
      const output = Math.ceil(length / stride);
      const total = Math.max((output - 1) * stride + extent - length, 0);
      return { ...common, input: length, output, ...split(total, mode) };
    }
    const { begin, end } = padsOf(node, axis, kernel.length);
    const places = (length + begin + end - extent) / stride;
    const ceil = numberOf(node, 'ceil_mode', 0) === 1;
    const last = ceil ? Math.ceil(places) : Math.floor(places);
    // Rounding up adds no window that would begin beyond the input and its leading padding.
    const output = ceil && last * stride >= length + begin ? last : last + 1;
    return { ...common, input: length, output, begin, end };
  });
}

/**
 * Reads the geometry of a transposed convolution: the window of the convolution that goes the other way, whose `output` is
 * what the node is given and whose `input` is what it returns.
 */
export function transposedAxes(
  node: Node,
  given: readonly number[],
  kernel: readonly number[],
): WindowAxis[] {
  const mode = textOf(node, 'auto_pad', 'NOTSET');
  return kernel.map((size, axis) => {
    const output = given[axis]!;
    const { extent, ...common } = axisOf(node, axis, size);
    const unpadded = (output - 1) * common.stride + extent + (listOf(node, 'output_padding')?.[axis] ?? 0);
    const wanted = listOf(node, 'output_shape')?.at(axis - kernel.length);
    if (wanted === undefined && !mode.startsWith('SAME')) {
      const { begin, end } = padsOf(node, axis, kernel.length);
      return { ...common, output, input: unpadded - begin - end, begin, end };
    }
    const total = Math.max(unpadded - (wanted ?? output * common.stride), 0);
    const input = wanted ?? unpadded - total;
    return { ...common, output, input, ...split(total, mode) };
  });
}

/** The input positions along one axis that a window sees, with the tap of the kernel that sees each; padding is left out. */
function seen(axis: WindowAxis, position: number): { tap: number; index: number }[] {
  const taps = Array.from({ length: axis.kernel }, (_, tap) => ({
    tap,
    index: position * axis.stride - axis.begin + tap * axis.dilation,
  }));
  return taps.filter(({ index }) => index >= 0 && index < axis.input);
}

/** Which elements of the input a window sees, and through which taps of the kernel, both row-major. */
export interface View {
  readonly taps: readonly number[];
  readonly indices: readonly number[];
}

/** The view of every window, in row-major order of the output, for any number of axes. */
export function viewsOf(axes: readonly WindowAxis[]): View[] {
  return axes.reduce<View[]>(
    (views, axis) => {
      const alongAxis = Array.from({ length: axis.output }, (_, position) => seen(axis, position));
      return views.flatMap(({ taps, indices }) =>
        alongAxis.map((pairs) => ({
          taps: taps.flatMap((tap) => pairs.map((pair) => tap * axis.kernel + pair.tap)),
          indices: indices.flatMap((index) => pairs.map((pair) => index * axis.input + pair.index)),
        })),
      );
    },
    [{ taps: [0], indices: [0] }],
  );
}

/** How many places each window covers, padding included but not what lies beyond it; in the order of `viewsOf`. */
export function coverages(axes: readonly WindowAxis[]): number[] {
  return axes.reduce<number[]>(
    (counts, axis) => {
      const covered = Array.from({ length: axis.output }, (_, position) => {
        const start = position * axis.stride - axis.begin;
        const taps = Array.from({ length: axis.kernel }, (_, tap) => start + tap * axis.dilation);
        return taps.filter((place) => place < axis.input + axis.end).length;
      });
      return counts.flatMap((count) => covered.map((places) => count * places));
    },
    [1],
  );
}

/** Number of elements of one channel of the input and of the output. */
export const areas = (axes: readonly WindowAxis[]): { input: number; output: number } => ({
  input: sizeOf(axes.map((axis) => axis.input)),
  output: sizeOf(axes.map((axis) => axis.output)),
});
