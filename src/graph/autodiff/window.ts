import { fixedDim } from './blocked.js';
import { intsAttribute, stringAttribute } from './attributes.js';
import type { RuleContext } from './rule.js';

/** A node and the shapes of its values. */
type WindowContext = Pick<RuleContext, 'node' | 'dims'>;

/** The geometry of a convolution or pooling window; one number per spatial axis. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Padding before the first element. */
  readonly begin: readonly number[];
  /** Spatial size of the input. */
  readonly input: readonly number[];
  /** Spatial size of the output. */
  readonly output: readonly number[];
}

/** Size of a window with its holes. */
export const extentOf = (window: Window, axis: number): number =>
  window.dilations[axis]! * (window.kernel[axis]! - 1) + 1;

/** Whether every element of the input is in exactly one window. */
export const areTiles = (window: Window): boolean =>
  window.kernel.every(
    (size, axis) =>
      window.strides[axis] === size &&
      window.dilations[axis] === 1 &&
      window.begin[axis] === 0 &&
      window.output[axis]! * size === window.input[axis],
  );

/**
 * Reads the window of a node with attributes strides, dilations, pads and auto_pad, whose first input and first
 * output are `[batch, channels, ...spatial]`.
 * @throws GauntletError GRADIENT_BLOCKED where a spatial size depends on the batch size
 */
export function windowOf(context: WindowContext, kernel: readonly number[]): Window {
  const { node } = context;
  const spatial = (value: string): number[] =>
    context
      .dims(value)
      .slice(2)
      .map((dim) => fixedDim(context, dim, 'spatial size'));
  const ones = kernel.map(() => 1);
  const window = {
    kernel,
    strides: intsAttribute(node, 'strides') ?? ones,
    dilations: intsAttribute(node, 'dilations') ?? ones,
    begin: kernel.map(() => 0),
    input: spatial(node.inputs[0]!),
    output: spatial(node.outputs[0]!),
  };
  return { ...window, begin: paddingBefore(context, window) };
}

function paddingBefore({ node }: WindowContext, window: Window): readonly number[] {
  const mode = stringAttribute(node, 'auto_pad', 'NOTSET');
  if (mode === 'VALID') return window.begin;
  if (mode === 'NOTSET') return intsAttribute(node, 'pads')?.slice(0, window.kernel.length) ?? window.begin;
  return window.input.map((size, axis) => {
    const covered = (window.output[axis]! - 1) * window.strides[axis]! + extentOf(window, axis);
    const total = Math.max(covered - size, 0);
    return mode === 'SAME_UPPER' ? Math.floor(total / 2) : Math.ceil(total / 2);
  });
}

/**
 * Padding after the last element that the windows really reach; negative where they leave the input's end unread.
 * Unlike the attribute `pads`, it follows from the output's size, so it is right for every rounding of that size.
 */
export function reachAfter(window: Window, axis: number): number {
  const covered = (window.output[axis]! - 1) * window.strides[axis]! + extentOf(window, axis);
  return covered - window.begin[axis]! - window.input[axis]!;
}

/**
 * The window of the convolution that a transposed convolution with input `[batch, channels, ...spatial]` is the transpose of: its
 * `input` is the node's output.
 * @throws GauntletError GRADIENT_BLOCKED where a spatial size depends on the batch size
 */
export function transposedWindowOf(context: WindowContext, kernel: readonly number[]): Window {
  const { node } = context;
  const forward = windowOf(context, kernel);
  const window = { ...forward, input: forward.output, output: forward.input };
  const mode = stringAttribute(node, 'auto_pad', 'NOTSET');
  const given = intsAttribute(node, 'output_shape') !== undefined;
  if (mode === 'VALID') return { ...window, begin: kernel.map(() => 0) };
  if (mode === 'NOTSET' && !given) return window;
  // The output's size is given, by output_shape or as stride times the input's; padding makes up for the difference.
  const extra = intsAttribute(node, 'output_padding');
  const begin = window.input.map((size, axis) => {
    const covered = (window.output[axis]! - 1) * window.strides[axis]! + extentOf(window, axis);
    const total = Math.max(covered + (extra?.[axis] ?? 0) - size, 0);
    return mode === 'SAME_UPPER' ? Math.floor(total / 2) : Math.ceil(total / 2);
  });
  return { ...window, begin };
}
