import { floatTensor } from '../../../tensor/tensor.js';
import { int, ints, string, type Attributes } from '../../builder.js';
import type { Node } from '../../ir.js';
import { intOf, intsOf } from '../opset-rule.js';
import type { Emitter } from './emitter.js';

/** The window of a pooling, as attributes of a convolution that sees the same elements. */
export interface ConvolutionWindow {
  readonly kernel: readonly number[];
  readonly attributes: Attributes;
}

/** Reads the window; undefined where no convolution of set 17 has the same, whatever the size of the image. */
export function convolutionWindow(node: Node): ConvolutionWindow | undefined {
  const kernel = intsOf(node, 'kernel_shape') ?? [];
  const ones = kernel.map(() => 1);
  const strides = intsOf(node, 'strides') ?? ones;
  const dilations = intsOf(node, 'dilations') ?? ones;
  const mode = node.attributes['auto_pad'];
  const common = { strides: ints(strides), dilations: ints(dilations) };
  if (mode?.type === 'string' && mode.value !== 'NOTSET') {
    // Neither the engine's convolutions nor its pools take holes together with automatic padding.
    const plain = mode.value === 'VALID' || dilations.every((dilation) => dilation === 1);
    const ceil = mode.value === 'VALID' && intOf(node, 'ceil_mode', 0) === 1;
    return plain && !ceil ? { kernel, attributes: { ...common, auto_pad: string(mode.value) } } : undefined;
  }
  const pads = intsOf(node, 'pads') ?? [...ones, ...ones].map(() => 0);
  if (intOf(node, 'ceil_mode', 0) === 0) return { kernel, attributes: { ...common, pads: ints(pads) } };
  // Padding of one less than the stride rounds the number of windows up. A window that would begin behind the image is left
  // out by poolings, but not by convolutions: there is none if stride and padding fit into a window.
  const end = pads.slice(kernel.length);
  const extents = kernel.map((size, axis) => dilations[axis]! * (size - 1) + 1);
  if (extents.some((extent, axis) => strides[axis]! + end[axis]! > extent)) return undefined;
  const rounded = end.map((pad, axis) => pad + strides[axis]! - 1);
  return { kernel, attributes: { ...common, pads: ints([...pads.slice(0, kernel.length), ...rounded]) } };
}

/** Emits the sums of a value `[batch, channels, ...spatial]` over windows, one channel at a time. */
export function windowSums(emitter: Emitter, value: string, window: ConvolutionWindow): string {
  const { emit } = emitter;
  const flat = emit('Reshape', [value, planes(emitter, value, -1)]);
  const sums = sumPlanes(emitter, flat, window);
  const shape = [emit('Shape', [value], { end: int(2) }), emit('Shape', [sums], { start: int(2) })];
  return emit('Reshape', [sums, emit('Concat', shape, { axis: int(0) })]);
}

/** Emits how many elements of the image each window sees: `[1, 1, ...]`, for a value `[batch, channels, ...spatial]`. */
export function windowCounts(emitter: Emitter, value: string, window: ConvolutionWindow): string {
  const one = { type: 'tensor', value: floatTensor(Float32Array.of(1), [1]) } as const;
  const ones = emitter.emit('ConstantOfShape', [planes(emitter, value, 1)], { value: one });
  return sumPlanes(emitter, ones, window);
}

/** The shape `[count, 1, ...spatial]`. */
function planes({ builder, emit }: Emitter, value: string, count: number): string {
  const spatial = emit('Shape', [value], { start: int(2) });
  return emit('Concat', [builder.ints([count, 1]), spatial], { axis: int(0) });
}

function sumPlanes(
  { builder, emit }: Emitter,
  value: string,
  { kernel, attributes }: ConvolutionWindow,
): string {
  const taps = new Float32Array(kernel.reduce((product, size) => product * size, 1)).fill(1);
  const ones = builder.initializer('ones', floatTensor(taps, [1, 1, ...kernel]));
  return emit('Conv', [value, ones], attributes);
}
