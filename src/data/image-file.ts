import { readFile } from 'node:fs/promises';
import { GauntletError, messageOf } from '../errors.js';
import type { DecodedImage } from './image/decoded.js';
import { decodeJpeg, isJpeg } from './image/jpeg.js';
import { decodePng, isPng } from './image/png.js';

export type { DecodedImage };

/**
 * Decodes a PNG or JPEG file, known by its first bytes, whatever its name.
 *
 * The numbers are those the file stores, as Pillow and torchvision read them: transparency is dropped, an embedded colour
 * profile or rotation is not applied. Palettes become three channels; 16 bits are rounded to 8, fewer stretched to 0..255.
 * PNG needs nothing else; JPEG needs the optional package sharp.
 *
 * @throws GauntletError DATA_NOT_FOUND; DATA_INVALID for another format or a damaged file; JPEG_DECODER_MISSING.
 */
export async function decodeImage(path: string): Promise<DecodedImage> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new GauntletError('DATA_NOT_FOUND', `${path} cannot be read: ${messageOf(cause)}.`, { cause });
  });
  if (isPng(bytes)) return decodePng(bytes, path);
  if (isJpeg(bytes)) return decodeJpeg(bytes, path);
  throw new GauntletError('DATA_INVALID', `${path} is neither a PNG nor a JPEG file.`);
}
