import { keyedStream } from '../../src/random/keyed.js';
import type { Image } from '../../src/plugin/corruption.js';

// Global lookups once per value show where tests run them.
const { round } = Math;

/** An image with the same level everywhere. */
export function flat(level: number, shape: Image['shape'] = [1, 28, 28]): Image {
  return { shape, data: new Float32Array(shape[0] * shape[1] * shape[2]).fill(level / 255) };
}

/** An image of random levels, the same for the same shape. */
export function noisy(shape: Image['shape']): Image {
  const data = keyedStream(0, 0, 'image').fillUniform(
    new Float32Array(shape[0] * shape[1] * shape[2]),
    0,
    255,
  );
  for (let i = 0; i < data.length; i++) data[i] = round(data[i]!) / 255;
  return { shape, data };
}

/** The channels of an image as images of one channel. */
export function channelsOf({ shape: [channels, height, width], data }: Image): Image[] {
  const area = height * width;
  return Array.from({ length: channels }, (_, channel) => ({
    shape: [1, height, width],
    data: data.slice(channel * area, (channel + 1) * area),
  }));
}

/** Values stored channels last, as channels first. */
export function channelsFirst(
  values: ArrayLike<number>,
  [channels, height, width]: Image['shape'],
): Float64Array {
  const area = height * width;
  return Float64Array.from(
    { length: values.length },
    (_, i) => values[(i % area) * channels + Math.floor(i / area)]!,
  );
}

/** Values in levels, 0..255. */
export function levels(values: ArrayLike<number>): number[] {
  return Array.from(values, (value) => Math.round(value * 255));
}
