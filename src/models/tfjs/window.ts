import { GauntletError } from '../../errors.js';
import { ints, type Attributes } from '../../graph/builder.js';

/** How a window moves over an image, one number per spatial axis. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
}

/** TensorFlow's two ways of padding: none, or as much as makes the output size the input's over the stride, rounded up. */
export const PADDINGS = ['valid', 'same'] as const;
export type Padding = (typeof PADDINGS)[number];

/** A window with the padding it needs on one image, and how often it fits. */
export interface PlacedWindow extends Window {
  readonly begin: readonly number[];
  readonly end: readonly number[];
  readonly output: readonly number[];
}

/** Length that a window covers along an axis. */
const extent = ({ kernel, dilations }: Window, axis: number): number =>
  (kernel[axis]! - 1) * dilations[axis]! + 1;

/** Places a window; of an odd amount of `same` padding the larger half is at the end. */
export function placed(window: Window, spatial: readonly number[], padding: Padding): PlacedWindow {
  const { strides } = window;
  if (padding === 'valid') {
    const none = spatial.map(() => 0);
    return padded(window, spatial, none, none);
  }
  const output = spatial.map((size, axis) => Math.ceil(size / strides[axis]!));
  const total = spatial.map((size, axis) =>
    Math.max((output[axis]! - 1) * strides[axis]! + extent(window, axis) - size, 0),
  );
  const begin = total.map((amount) => Math.floor(amount / 2));
  return { ...window, begin, end: total.map((amount, axis) => amount - begin[axis]!), output };
}

/** Places a window on an image with explicit padding. */
export function padded(
  window: Window,
  spatial: readonly number[],
  begin: readonly number[],
  end: readonly number[],
): PlacedWindow {
  const output = spatial.map((size, axis) => {
    const room = size + begin[axis]! + end[axis]! - extent(window, axis);
    return Math.floor(room / window.strides[axis]!) + 1;
  });
  return { ...window, begin, end, output };
}

/**
 * The window, if it fits on the image at all.
 * @param where whose it is, for messages
 * @throws GauntletError MODEL_INVALID when it does not
 */
export function fitting(window: PlacedWindow, spatial: readonly number[], where: string): PlacedWindow {
  if (window.output.every((size) => size > 0)) return window;
  throw new GauntletError(
    'MODEL_INVALID',
    `${where}: a window of [${window.kernel.join(', ')}] does not fit on an image of [${spatial.join(', ')}]`,
  );
}

/** The window as attributes of Conv or a pooling. */
export const windowAttributes = ({ kernel, strides, begin, end }: PlacedWindow): Attributes => ({
  kernel_shape: ints(kernel),
  strides: ints(strides),
  pads: ints([...begin, ...end]),
});
