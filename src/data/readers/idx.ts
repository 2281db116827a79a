import { GauntletError } from '../../errors.js';
import { elementCount } from '../../tensor/tensor.js';
import { readBytes } from './bytes.js';
import type { LabelledImages } from '../images.js';

/** An IDX array of unsigned bytes. */
export interface IdxArray {
  readonly dims: readonly number[];
  readonly data: Uint8Array;
}

/** Type code of unsigned bytes, the third byte of the magic number; the fourth is the number of axes. */
const UNSIGNED_BYTE = 0x08;

/**
 * Decodes an IDX file of unsigned bytes (the format of MNIST: big-endian magic and sizes, then the values).
 * @param axes expected number of axes: 3 for images, 1 for labels.
 * @throws GauntletError DATA_INVALID for another magic number or another length than its sizes announce.
 */
export function parseIdx(bytes: Uint8Array, axes: number, name: string): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = bytes.length < 4 ? 0 : view.getUint32(0);
  const expected = (UNSIGNED_BYTE << 8) | axes;
  const header = 4 + 4 * axes;
  if (magic !== expected || bytes.length < header) {
    throw new GauntletError(
      'DATA_INVALID',
      `${name} is not an IDX file of ${axes} axes: expected it to start with ${hex(expected)}, received ${hex(magic)}.`,
    );
  }
  const dims = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  if (bytes.length - header !== elementCount(dims)) {
    throw new GauntletError(
      'DATA_INVALID',
      `${name} announces ${dims.join(' x ')} bytes (${elementCount(dims)}), received ${bytes.length - header}.`,
    );
  }
  return { dims, data: bytes.subarray(header) };
}

/**
 * Reads a pair of IDX files, gzipped or not, as images of one channel.
 * @param numClasses number of classes; the largest label decides when it is not known.
 */
export async function readIdx(images: string, labels: string, numClasses?: number): Promise<LabelledImages> {
  const [imageBytes, labelBytes] = await Promise.all([readBytes(images), readBytes(labels)]);
  const { dims, data: pixels } = parseIdx(imageBytes, 3, images);
  const { data } = parseIdx(labelBytes, 1, labels);
  if (dims[0] !== data.length) {
    throw new GauntletError(
      'DATA_MISMATCH',
      `${images} holds ${dims[0]} images, ${labels} holds ${data.length} labels.`,
    );
  }
  const classes = numClasses ?? data.reduce((largest, label) => Math.max(largest, label), -1) + 1;
  return { shape: [1, ...dims.slice(1)], pixels, labels: Int32Array.from(data), numClasses: classes };
}

function hex(word: number): string {
  return `0x${word.toString(16).padStart(8, '0')}`;
}
