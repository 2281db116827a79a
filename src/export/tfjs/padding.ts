import { extentOf, reachAfter, type Window } from '../../graph/autodiff/window.js';
import type { LayerValue } from './layer-value.js';
import type { Step } from './step.js';

/** How TensorFlow names it when an image is padded as much as makes the output size the input's over the stride, rounded up. */
export type Padding = 'valid' | 'same';

/** Axes of an image [channels, height, width] as layers have them. */
export const IMAGE_ORDER = [1, 2, 0] as const;

/** The input as an image, channels last. */
export function imageOf(step: Step): LayerValue {
  const value = step.value();
  if (value.shape.length !== 3)
    step.refuse(`it works on [${value.shape.join(', ')}], images have three axes`);
  return step.writer.ordered(value, IMAGE_ORDER);
}

/** What a window reads before the image and after it, per spatial axis. */
export interface Margins {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

export function marginsOf(step: Step, window: Window): Margins {
  if (window.begin.some((amount) => amount < 0)) step.refuse('its padding is negative');
  const after = window.kernel.map((_, axis) => Math.max(reachAfter(window, axis), 0));
  return { before: window.begin, after };
}

/** The padding by which TensorFlow lays the window as the node does; undefined where neither does. */
export function paddingOf(window: Window, { before, after }: Margins): Padding | undefined {
  if ([...before, ...after].every((amount) => amount === 0)) return 'valid';
  const isSame = window.kernel.every((_, axis) => {
    const output = Math.ceil(window.input[axis]! / window.strides[axis]!);
    const covered = (output - 1) * window.strides[axis]! + extentOf(window, axis);
    const total = Math.max(covered - window.input[axis]!, 0);
    return output === window.output[axis] && before[axis] === Math.floor(total / 2);
  });
  return isSame ? 'same' : undefined;
}

/** The image with zeros around it. */
export function withZeros(step: Step, image: LayerValue, { before, after }: Margins): LayerValue {
  const padding = before.map((amount, axis) => [amount, after[axis]!]);
  const [channels, ...spatial] = image.shape as [number, number, number];
  return {
    layer: step.writer.add('ZeroPadding2D', [image], { padding, data_format: 'channels_last' }),
    shape: [channels, ...spatial.map((size, axis) => size + before[axis]! + after[axis]!)],
    order: image.order,
  };
}
