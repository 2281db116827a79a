import type { InputSpec } from '../classifier/classifier.js';
import { elementCount } from '../tensor/tensor.js';

/** Where the value of a channel at a row and column stands in an example: the sum of index times stride. */
export interface PixelGrid {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly strides: { readonly channel: number; readonly row: number; readonly column: number };
}

/**
 * Any input seen as an image, for attacks that work with neighbouring pixels. What is no image is one where its values allow:
 * a table has one channel, a flat input of n or 3 n values is a square of n pixels (channels first) where n is a square
 * number, and anything else is a single row.
 */
export function pixelGridOf({ shape, layout }: InputSpec): PixelGrid {
  const [first = 1, second = 1, third = 1] = shape;
  if (shape.length === 3 && layout === 'NHWC') {
    const strides = { channel: 1, row: second * third, column: third };
    return { channels: third, height: first, width: second, strides };
  }
  if (shape.length === 3) return channelsFirst(first, second, third);
  if (shape.length === 2) return channelsFirst(1, first, second);
  const count = elementCount(shape);
  for (const channels of [1, 3]) {
    const side = Math.sqrt(count / channels);
    if (Number.isInteger(side)) return channelsFirst(channels, side, side);
  }
  return channelsFirst(1, 1, count);
}

function channelsFirst(channels: number, height: number, width: number): PixelGrid {
  return { channels, height, width, strides: { channel: height * width, row: width, column: 1 } };
}
