import { GauntletError } from '../../errors.js';
import type { LabelledImages } from '../images.js';
import { readBytes } from './bytes.js';

const SHAPE = [3, 32, 32] as const;
const PIXELS = 3 * 32 * 32;
const RECORD = 1 + PIXELS;

/**
 * Reads CIFAR-10 files of the official binary version, gzipped or not, one after the other: records of a label byte and 3072
 * bytes, red then green then blue, row by row. A file may hold any number of whole records.
 * @throws GauntletError DATA_INVALID when a file is empty or ends inside a record, DATA_MISMATCH for a label above 9.
 */
export async function readCifar10(paths: readonly string[]): Promise<LabelledImages> {
  const files = await Promise.all(paths.map(readBytes));
  files.forEach((bytes, i) => {
    if (bytes.length > 0 && bytes.length % RECORD === 0) return;
    const received = `${bytes.length} bytes, which is ${Math.floor(bytes.length / RECORD)} records of ${RECORD} bytes and a rest`;
    throw new GauntletError(
      'DATA_INVALID',
      `${paths[i]} is not a whole CIFAR-10 file: received ${received}.`,
    );
  });
  const records = files.reduce((sum, bytes) => sum + bytes.length / RECORD, 0);
  const pixels = new Uint8Array(records * PIXELS);
  const labels = new Int32Array(records);
  let row = 0;
  files.forEach((bytes, i) => {
    for (let at = 0; at < bytes.length; at += RECORD, row++) {
      if (bytes[at]! > 9) {
        const where = `record ${at / RECORD} of ${paths[i]}`;
        throw new GauntletError('DATA_MISMATCH', `${where} has the label ${bytes[at]}, expected 0 to 9.`);
      }
      labels[row] = bytes[at]!;
      pixels.set(bytes.subarray(at + 1, at + RECORD), row * PIXELS);
    }
  });
  return { shape: SHAPE, pixels, labels, numClasses: 10 };
}
