import type { Node } from '../../src/graph/ir.js';
import { listOf, numberOf, textOf } from './tensor.js';

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

/** Reads the geometry of a sliding window from ONNX attributes; a missing second spatial axis has size 1 (see planar). */
export function windowAxes(node: Node, input: readonly number[], kernel: readonly number[]): WindowAxis[] {
  const mode = textOf(node, 'auto_pad', 'NOTSET');
  const rank = kernel.length;
  return kernel.map((size, axis) => {
    const length = input[axis]!;
    const stride = listOf(node, 'strides')?.[axis] ?? 1;
    const dilation = listOf(node, 'dilations')?.[axis] ?? 1;
    const extent = dilation * (size - 1) + 1;
    const common = { input: length, kernel: size, stride, dilation };
    if (mode === 'SAME_UPPER' || mode === 'SAME_LOWER') {
      const output = Math.ceil(length / stride);
      const total = Math.max((output - 1) * stride + extent - length, 0);
      const small = Math.floor(total / 2);
      const begin = mode === 'SAME_UPPER' ? small : total - small;
      return { ...common, output, begin, end: total - begin };
    }
    const pads = mode === 'VALID' ? undefined : listOf(node, 'pads');
    const begin = pads?.[axis] ?? 0;
    const end = pads?.[axis + rank] ?? 0;
    const places = (length + begin + end - extent) / stride;
    const ceil = numberOf(node, 'ceil_mode', 0) === 1;
    const last = ceil ? Math.ceil(places) : Math.floor(places);
    // Rounding up adds no window that would begin beyond the input and its leading padding.
    const output = ceil && last * stride >= length + begin ? last : last + 1;
    return { ...common, output, begin, end };
  });
}

/** The input positions a window sees, with the tap of the kernel that sees each; those in the padding are left out. */
export function seen(axis: WindowAxis, position: number): { tap: number; index: number }[] {
  const taps = Array.from({ length: axis.kernel }, (_, tap) => ({
    tap,
    index: position * axis.stride - axis.begin + tap * axis.dilation,
  }));
  return taps.filter(({ index }) => index >= 0 && index < axis.input);
}

const single: WindowAxis = { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, begin: 0, end: 0 };

/** One or two spatial axes as two, so that the loops below are written once. */
export function planar(axes: readonly WindowAxis[]): readonly [WindowAxis, WindowAxis] {
  if (axes.length > 2) throw new Error('more than two spatial axes');
  return axes.length === 2 ? [axes[0]!, axes[1]!] : [single, axes[0]!];
}
