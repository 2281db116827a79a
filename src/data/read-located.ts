import type { Resize } from './image/resize.js';
import type { LabelledImages } from './images.js';
import type { LocatedFiles } from './locate.js';
import { readCifar } from './readers/cifar.js';
import { readIdx } from './readers/idx.js';
import { completeList, readListed } from './readers/picture-list.js';

/**
 * Decodes the files of one split.
 * @param numClasses as the data set has it; otherwise the largest label decides.
 * @param resize for pictures that have sizes of their own.
 * @throws GauntletError DATA_NOT_FOUND, DATA_INVALID, DATA_MISMATCH, JPEG_DECODER_MISSING.
 */
export async function readLocated(
  files: LocatedFiles,
  numClasses?: number,
  resize?: Resize,
): Promise<LabelledImages> {
  switch (files.kind) {
    case 'idx':
      return readIdx(files.images, files.labels, numClasses);
    case 'list':
      return readListed(await completeList(files.lists), numClasses, resize);
    default:
      return readCifar(files.parts, files.kind);
  }
}
