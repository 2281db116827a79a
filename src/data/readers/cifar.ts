import { GauntletError } from '../../errors.js';
import type { LabelledImages } from '../images.js';
import { readBytes } from './bytes.js';

const SHAPE = [3, 32, 32] as const;
const PIXELS = 3 * 32 * 32;

/** The two data sets of the format: label bytes per record, the last of which is the class, and the number of classes. */
const FORMATS = {
  cifar10: { title: 'CIFAR-10', labels: 1, classes: 10 },
  // The first label is that of 20 superclasses.
  cifar100: { title: 'CIFAR-100', labels: 2, classes: 100 },
} as const;

export type CifarFormat = keyof typeof FORMATS;

/**
 * Reads CIFAR files of the official binary version, gzipped or not, one after the other: records of a label byte (CIFAR-100: two,
 * coarse and fine, of which the fine one is used) and 3072 bytes, red then green then blue, row by row. A file may hold any
 * number of whole records.
 * @throws GauntletError DATA_INVALID when a file is empty or ends inside a record, DATA_MISMATCH for a label out of range.
 */
export async function readCifar(paths: readonly string[], format: CifarFormat): Promise<LabelledImages> {
  const { title, labels: labelBytes, classes } = FORMATS[format];
  const size = labelBytes + PIXELS;
  const files = await Promise.all(paths.map(readBytes));
  files.forEach((bytes, i) => {
    if (bytes.length > 0 && bytes.length % size === 0) return;
    const received = `${bytes.length} bytes, which is ${Math.floor(bytes.length / size)} records of ${size} bytes and a rest`;
    throw new GauntletError(
      'DATA_INVALID',
      `${paths[i]} is not a whole ${title} file: received ${received}.`,
    );
  });
  const records = files.reduce((sum, bytes) => sum + bytes.length / size, 0);
  const pixels = new Uint8Array(records * PIXELS);
  const labels = new Int32Array(records);
  let row = 0;
  files.forEach((bytes, i) => {
    for (let at = 0; at < bytes.length; at += size, row++) {
      const label = bytes[at + labelBytes - 1]!;
      if (label >= classes) {
        const where = `record ${at / size} of ${paths[i]}`;
        throw new GauntletError(
          'DATA_MISMATCH',
          `${where} has the label ${label}, expected 0 to ${classes - 1}.`,
        );
      }
      labels[row] = label;
      pixels.set(bytes.subarray(at + labelBytes, at + size), row * PIXELS);
    }
  });
  return { shape: SHAPE, pixels, labels, numClasses: classes };
}

/**
 * Whether a file of so many bytes holds CIFAR-100 records rather than those of CIFAR-10, which is what a length that fits
 * both or neither is taken for.
 */
export function cifarFormatOf(length: number): CifarFormat {
  const fits = (format: CifarFormat): boolean => length % (FORMATS[format].labels + PIXELS) === 0;
  return fits('cifar100') && !fits('cifar10') ? 'cifar100' : 'cifar10';
}
