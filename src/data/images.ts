import { createHash } from 'node:crypto';
import { GauntletError } from '../errors.js';
import { elementCount } from '../tensor/tensor.js';
import type { Dataset, Split } from './dataset.js';

/** A decoded set of images, as every reader returns it. */
export interface LabelledImages {
  /** Shape of one example: [C, H, W], or [D] for data that never were images. */
  readonly shape: readonly number[];
  /** All examples, row-major: bytes 0..255, or float32 in [0, 1]. */
  readonly pixels: Uint8Array | Float32Array;
  readonly labels: Int32Array;
  readonly numClasses: number;
}

/** float32(p) / float32(255) in float32, for every byte p; the float64 quotient rounds to the same value. */
export const LEVELS = Float32Array.from({ length: 256 }, (_, level) => level / 255);

/**
 * A Dataset over decoded images in memory.
 * @throws GauntletError DATA_MISMATCH when images and labels differ in number or a label is out of range.
 */
export function imageDataset(id: string, split: Split, images: LabelledImages): Dataset {
  const { shape, pixels, labels, numClasses } = images;
  const size = elementCount(shape);
  const length = labels.length;
  if (pixels.length !== length * size) {
    throw new GauntletError(
      'DATA_MISMATCH',
      `${id} (${split}): ${pixels.length / size} images, ${length} labels.`,
    );
  }
  const stray = labels.findIndex((label) => label < 0 || label >= numClasses);
  if (stray >= 0) {
    const received = `example ${stray} has the label ${labels[stray]}, expected 0 to ${numClasses - 1}`;
    throw new GauntletError('DATA_MISMATCH', `${id} (${split}): ${received}.`);
  }
  let fingerprint: string | undefined;

  return {
    id,
    split,
    length,
    shape,
    numClasses,
    get fingerprint() {
      return (fingerprint ??= fingerprintOf(images));
    },
    read: (indices) => {
      const data = new Float32Array(indices.length * size);
      const taken = new Int32Array(indices.length);
      for (const [row, index] of indices.entries()) {
        if (!Number.isInteger(index) || index < 0 || index >= length) {
          const range = `${id} (${split}) holds examples 0 to ${length - 1}, asked for ${index}`;
          return Promise.reject(new GauntletError('INDEX_RANGE', `${range}.`));
        }
        taken[row] = labels[index]!;
        const example = pixels.subarray(index * size, (index + 1) * size);
        if (example instanceof Float32Array) data.set(example, row * size);
        else for (let i = 0; i < size; i++) data[row * size + i] = LEVELS[example[i]!]!;
      }
      return Promise.resolve({ shape, data, labels: taken, keys: [...indices] });
    },
  };
}

/**
 * SHA-256 (hex) of the pixels (channels first; one byte each, or float32 little-endian where the file holds floats), then of
 * the labels as int32 little-endian. The container does not matter: IDX, CIFAR and .npz files of the same bytes agree.
 */
function fingerprintOf({ pixels, labels }: LabelledImages): string {
  const bytesOf = (array: Uint8Array | Float32Array | Int32Array): Uint8Array =>
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return createHash('sha256').update(bytesOf(pixels)).update(bytesOf(labels)).digest('hex');
}
