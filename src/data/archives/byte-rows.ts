import { GauntletError } from '../../errors.js';
import type { NpyFile } from '../npy-file.js';
import { LEVELS } from '../images.js';
import type { CorruptedArchive, Level } from './archive.js';

/**
 * Shape of the images of an array N x H x W x C with one or three channels.
 * @throws GauntletError DATA_INVALID for another number of axes or channels.
 */
export function imageShape({ dims, path }: NpyFile): CorruptedArchive['shape'] {
  const [, height, width, channels] = dims;
  if (dims.length !== 4 || (channels !== 1 && channels !== 3)) {
    const received = `an array of shape (${dims.join(', ')})`;
    throw new GauntletError(
      'DATA_INVALID',
      `${path} holds ${received}; expected (N, H, W, 3) or (N, H, W, 1).`,
    );
  }
  return [channels, height!, width!];
}

/**
 * Checks a file of images against the shape of the others and the labels that go with it.
 * @param where how messages call the labels.
 * @throws GauntletError DATA_INVALID, DATA_MISMATCH.
 */
export function requireAlike(
  file: NpyFile,
  shape: CorruptedArchive['shape'],
  labels: Int32Array,
  where: string,
): void {
  const own = imageShape(file);
  if (own.join() !== shape.join()) {
    const sizes = `${own.join(' x ')}, others of ${shape.join(' x ')}`;
    throw new GauntletError('DATA_MISMATCH', `${file.path} holds images of ${sizes}.`);
  }
  if (labels.length === file.dims[0]) return;
  const counts = `${file.dims[0]} images, ${where} ${labels.length} labels`;
  throw new GauntletError('DATA_MISMATCH', `${file.path} holds ${counts}.`);
}

/** Rows `first`, `first + 1`, ... of a file of images, channels last, as one level of an archive. */
export function byteRows(
  file: NpyFile,
  first: number,
  labels: Int32Array,
  [channels, height, width]: CorruptedArchive['shape'],
): Level {
  const area = height * width;
  return {
    labels,
    read: async (indices) => {
      const bytes = await file.readRows(indices.map((index) => first + index));
      const data = new Float32Array(bytes.length);
      for (let image = 0; image < data.length; image += channels * area) {
        for (let channel = 0; channel < channels; channel++) {
          for (let place = 0; place < area; place++) {
            data[image + channel * area + place] = LEVELS[bytes[image + place * channels + channel]!]!;
          }
        }
      }
      return data;
    },
  };
}
