import { GauntletError } from '../../errors.js';
import { elementCount, type Tensor } from '../../tensor/tensor.js';
import type { LabelledImages } from '../images.js';

/** Numbers of channels by which a last axis is known to be one of channels. */
const CHANNELS = [1, 3, 4];

/** An array and how messages call it. */
export interface NamedArray {
  readonly array: Tensor;
  readonly name: string;
}

/**
 * Images and labels from arrays. Images are bytes, or floats in [0, 1]; N x H x W x C with C of 1, 3 or 4 becomes channels
 * first, any other N x A x B x C is channels first already, N x H x W has one channel, N x D stays flat. Labels are one
 * integer per image; the largest decides the number of classes.
 * @throws GauntletError DATA_INVALID (another type or number of axes, floats outside [0, 1]), DATA_MISMATCH.
 */
export function arrayImages(images: NamedArray, labels: NamedArray): LabelledImages {
  const values = labelsOf(labels.array, labels.name);
  const { shape, pixels } = channelsFirst(
    images.array.dims,
    pixelsOf(images.array, images.name),
    images.name,
  );
  if (images.array.dims[0] !== values.length) {
    const [count, where] = [
      `${images.name} holds ${images.array.dims[0]} images`,
      images.name === labels.name ? '' : `${labels.name} `,
    ];
    throw new GauntletError('DATA_MISMATCH', `${count} and ${where}${values.length} labels.`);
  }
  return {
    shape,
    pixels,
    labels: values,
    numClasses: values.reduce((largest, label) => Math.max(largest, label), -1) + 1,
  };
}

function pixelsOf(images: Tensor, path: string): Uint8Array | Float32Array {
  const { data, type } = images;
  if (type === 'uint8') return data as Uint8Array;
  if (type !== 'float32' && type !== 'float64') {
    throw new GauntletError(
      'DATA_INVALID',
      `${path} holds images of type ${type}; expected uint8 or float32/64 in [0, 1].`,
    );
  }
  const pixels = data instanceof Float32Array ? data : Float32Array.from(data as Float64Array);
  const stray = pixels.find((value) => !(value >= 0 && value <= 1));
  if (stray === undefined) return pixels;
  throw new GauntletError(
    'DATA_INVALID',
    `${path} holds the pixel value ${stray}; floats must be in [0, 1].`,
    {
      help: 'Divide the images by 255, or store them as uint8.',
    },
  );
}

/**
 * One integer label of at least 0 per image; a column of them will do.
 * @throws GauntletError DATA_INVALID for another type or shape, DATA_MISMATCH for a negative label.
 */
export function labelsOf(labels: Tensor, path: string): Int32Array {
  if (!/^u?int/.test(labels.type) || elementCount(labels.dims) !== labels.dims[0]) {
    const received = `${labels.type} of shape (${labels.dims.join(', ')})`;
    throw new GauntletError(
      'DATA_INVALID',
      `${path} holds labels as ${received}; expected one integer per image.`,
    );
  }
  const values = Array.from(labels.data as ArrayLike<number | bigint>, Number);
  const stray = values.findIndex((label) => label < 0 || label > 0x7fffffff);
  if (stray < 0) return Int32Array.from(values);
  throw new GauntletError(
    'DATA_MISMATCH',
    `${path}: example ${stray} has the label ${values[stray]}, expected 0 or more.`,
  );
}

function channelsFirst<T extends Uint8Array | Float32Array>(
  dims: readonly number[],
  values: T,
  path: string,
): { shape: number[]; pixels: T } {
  const [n = 0, ...shape] = dims;
  if (shape.length === 1) return { shape, pixels: values };
  if (shape.length === 2) return { shape: [1, ...shape], pixels: values };
  if (shape.length !== 3) {
    const received = `shape (${dims.join(', ')})`;
    throw new GauntletError('DATA_INVALID', `${path} holds images of ${received}; expected 2, 3 or 4 axes.`);
  }
  const [height, width, channels] = shape as [number, number, number];
  if (!CHANNELS.includes(channels)) return { shape, pixels: values };
  const area = height * width;
  const pixels = values.slice() as T;
  for (let image = 0; image < n * area * channels; image += area * channels) {
    for (let place = 0; place < area; place++) {
      for (let channel = 0; channel < channels; channel++) {
        pixels[image + channel * area + place] = values[image + place * channels + channel]!;
      }
    }
  }
  return { shape: [channels, height, width], pixels };
}
