import { centreCrop } from './crop.js';
import type { DecodedImage } from './decoded.js';

/** How pictures are brought to one size before a model sees them. */
export interface Resize {
  /** Height and width, or the length of the shorter side, the longer one in proportion. */
  readonly size: number | readonly [height: number, width: number];
  readonly filter: ResizeFilter;
  /** Side of the square that is then cut from the middle. */
  readonly crop?: number;
}

export type ResizeFilter = keyof typeof FILTERS;

interface Filter {
  /** Reach of the kernel either way, in places of the larger of the two grids. */
  readonly support: number;
  readonly kernel: (x: number) => number;
}

/**
 * Kernels by the names Pillow has for them. Bicubic is that of Keys (IEEE ASSP 1981) with a = -1/2; OpenCV takes -3/4 and, like
 * TensorFlow without `antialias`, does not stretch the kernel where an image shrinks.
 */
const FILTERS = {
  bilinear: { support: 1, kernel: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: {
    support: 2,
    kernel: (x) => {
      const d = Math.abs(x);
      if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
      return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
    },
  },
} as const satisfies Record<string, Filter>;

/** Weights are multiples of 2^-22 and every pass gives whole bytes: the arithmetic of Pillow's 8-bit images. */
const UNIT = 2 ** 22;

/** A picture resized and cropped as torchvision's Resize and CenterCrop do with Pillow images. */
export function fit(image: DecodedImage, { size, filter, crop }: Resize): DecodedImage {
  const [, height, width] = image.shape;
  const resized = resize(image, typeof size === 'number' ? inProportion(height, width, size) : size, filter);
  return crop === undefined ? resized : centreCrop(resized, crop);
}

function inProportion(height: number, width: number, shorter: number): [height: number, width: number] {
  const longer = (long: number, short: number): number => Math.trunc((shorter * long) / short);
  return height < width ? [shorter, longer(width, height)] : [longer(height, width), shorter];
}

/**
 * An image at another size, the very bytes that `Image.resize` of Pillow gives up to version 12: a kernel that is stretched
 * where the image shrinks (antialiasing), rows first, then columns, bytes in between; an axis that keeps its length is left
 * alone. Pillow 13 takes the columns of tall images first, which moves some of their bytes by a few levels.
 */
export function resize(
  image: DecodedImage,
  size: readonly [height: number, width: number],
  filter: ResizeFilter,
): DecodedImage {
  const [channels, height, width] = image.shape;
  const [newHeight, newWidth] = size;
  let { data } = image;
  if (newWidth !== width) {
    const lines = { count: channels * height, stride: width, outStride: newWidth };
    data = resample(data, tapsOf(width, newWidth, FILTERS[filter]), { ...lines, step: 1 });
  }
  if (newHeight !== height) {
    const planes = new Uint8Array(channels * newHeight * newWidth);
    const taps = tapsOf(height, newHeight, FILTERS[filter]);
    for (let channel = 0; channel < channels; channel++) {
      const plane = data.subarray(channel * height * newWidth, (channel + 1) * height * newWidth);
      const columns = { count: newWidth, stride: 1, outStride: 1, step: newWidth };
      planes.set(resample(plane, taps, columns), channel * newHeight * newWidth);
    }
    data = planes;
  }
  return { shape: [channels, newHeight, newWidth], data };
}

interface Taps {
  /** First input place of each output place. */
  readonly first: readonly number[];
  /** Weights of the input places from there on, in units of 2^-22. */
  readonly weights: readonly Int32Array[];
}

function tapsOf(length: number, newLength: number, { support, kernel }: Filter): Taps {
  const scale = length / newLength;
  const stretch = Math.max(scale, 1);
  const first: number[] = [];
  const weights: Int32Array[] = [];
  for (let place = 0; place < newLength; place++) {
    const centre = (place + 0.5) * scale;
    const from = Math.max(0, Math.trunc(centre - support * stretch + 0.5));
    const to = Math.min(length, Math.trunc(centre + support * stretch + 0.5));
    const raw = Array.from({ length: to - from }, (_, i) => kernel((i + from - centre + 0.5) / stretch));
    const total = raw.reduce((sum, weight) => sum + weight, 0);
    first.push(from);
    weights.push(Int32Array.from(raw, (weight) => awayFromZero((weight / total) * UNIT)));
  }
  return { first, weights };
}

/** The nearest whole number; halves away from zero. */
const awayFromZero = (value: number): number => Math.trunc(value + (value < 0 ? -0.5 : 0.5));

interface Lines {
  readonly count: number;
  /** From one line to the next in the input and in the output. */
  readonly stride: number;
  readonly outStride: number;
  /** From one place of a line to the next, in both. */
  readonly step: number;
}

function resample(input: Uint8Array, { first, weights }: Taps, lines: Lines): Uint8Array {
  const { count, stride, outStride, step } = lines;
  const out = new Uint8Array(count * first.length);
  for (let line = 0; line < count; line++) {
    for (let place = 0; place < first.length; place++) {
      const own = weights[place]!;
      const start = line * stride + first[place]! * step;
      let sum = UNIT / 2;
      for (let i = 0; i < own.length; i++) sum += own[i]! * input[start + i * step]!;
      const value = Math.floor(sum / UNIT);
      out[line * outStride + place * step] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
  return out;
}
