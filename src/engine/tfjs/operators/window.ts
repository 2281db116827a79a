import { intAttribute, intsAttribute, stringAttribute } from '../../../graph/autodiff/attributes.js';
import type { Node } from '../../../graph/ir.js';
import { unsupported, type Call } from '../call.js';
import { tf } from '../tf.js';
import { Value } from '../value.js';

/** Rows above, columns to the left, rows below, columns to the right. */
export type Padding = readonly [top: number, left: number, bottom: number, right: number];

/** Two numbers for height and width; a single one is for the width. */
export function pair(values: readonly number[] | undefined, fallback: number): [number, number] {
  if (values === undefined) return [fallback, fallback];
  return values.length === 1 ? [fallback, values[0]!] : [values[0]!, values[1]!];
}

/** A batch of images, or of rows as images of height 1, with the channels at the end; and the rank it had. */
export function asImage({ node, inputs }: Call): { image: tf.Tensor4D; rank: number } {
  const value = inputs[0]!;
  const { rank } = value;
  if (rank > 4) throw unsupported(node, `it works along ${rank - 2} axes`);
  return rank === 3
    ? { image: Value.of(tf.expandDims(value.tensor, 2)).image, rank }
    : { image: value.image, rank };
}

export const fromImage = (image: tf.Tensor, rank: number): Value =>
  rank === 3 ? Value.of(tf.squeeze(Value.channelsLast(image).tensor, [2])) : Value.channelsLast(image);

/** Pads height and width with a constant. */
export function padImage(x: tf.Tensor4D, [top, left, bottom, right]: Padding, value: number): tf.Tensor4D {
  if (top + left + bottom + right === 0) return x;
  const around: [number, number][] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  return tf.pad(x, around, value);
}

/** How an image is padded for windows of that size, by the node's `pads` or `auto_pad`. */
export function paddingOf(
  node: Node,
  image: tf.Tensor4D,
  window: readonly [number, number],
  strides: readonly [number, number],
): Padding {
  const automatic = stringAttribute(node, 'auto_pad', 'NOTSET');
  if (automatic === 'VALID') return [0, 0, 0, 0];
  if (automatic === 'NOTSET') {
    const pads = intsAttribute(node, 'pads') ?? [0, 0, 0, 0];
    if (pads.some((pad) => pad < 0)) throw unsupported(node, 'it pads by less than nothing');
    return pads.length === 2 ? [0, pads[0]!, 0, pads[1]!] : [pads[0]!, pads[1]!, pads[2]!, pads[3]!];
  }
  const [vertical, horizontal] = [0, 1].map((i) => {
    const size = image.shape[i + 1]!;
    const outputs = Math.ceil(size / strides[i]!);
    const total = Math.max(0, (outputs - 1) * strides[i]! + window[i]! - size);
    const less = Math.floor(total / 2);
    return automatic === 'SAME_UPPER' ? [less, total - less] : [total - less, less];
  }) as [[number, number], [number, number]];
  return [vertical[0], horizontal[0], vertical[1], horizontal[1]];
}

/** Rows and columns to add at the end for a last window that begins inside of the padded image (`ceil_mode`). */
export function ceilingOf(
  node: Node,
  image: tf.Tensor4D,
  [top, left, bottom, right]: Padding,
  window: readonly [number, number],
  strides: readonly [number, number],
): readonly [number, number] {
  if (intAttribute(node, 'ceil_mode', 0) === 0) return [0, 0];
  const before = [top, left];
  const after = [bottom, right];
  return [0, 1].map((i) => {
    const size = image.shape[i + 1]!;
    const padded = size + before[i]! + after[i]!;
    const last = Math.ceil((padded - window[i]!) / strides[i]!) * strides[i]!;
    // A window that would lie in the end padding alone is left out.
    if (last >= size + before[i]!) return 0;
    return Math.max(0, last + window[i]! - padded);
  }) as unknown as readonly [number, number];
}
