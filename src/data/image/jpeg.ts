import { GauntletError, messageOf } from '../../errors.js';
import { planar, type DecodedImage } from './decoded.js';

/** Whether bytes begin like a JPEG file. */
export const isJpeg = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;

const loadSharp = () => import('sharp');

/**
 * Decodes a JPEG through sharp (libjpeg-turbo), which is loaded when the first one is met. The values are the file's own:
 * no colour profile, no rotation.
 * @param name how messages call the file.
 * @param load brings sharp.
 * @throws GauntletError JPEG_DECODER_MISSING without sharp, DATA_INVALID when the file is damaged.
 */
export async function decodeJpeg(bytes: Uint8Array, name: string, load = loadSharp): Promise<DecodedImage> {
  const { default: sharp } = await load().catch((cause: unknown) => {
    throw new GauntletError('JPEG_DECODER_MISSING', `${name} is a JPEG file: ${messageOf(cause)}`, { cause });
  });
  try {
    const image = sharp(bytes, { failOn: 'error', ignoreIcc: true });
    const { channels: stored } = await image.metadata();
    const colour = image.toColourspace(stored === 1 ? 'b-w' : 'srgb').removeAlpha();
    const { data, info } = await colour.raw().toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    return { shape: [channels, height, width], data: planar(data, channels, width * height) };
  } catch (cause) {
    throw new GauntletError('DATA_INVALID', `${name} is a damaged JPEG file: ${messageOf(cause)}.`, {
      cause,
    });
  }
}
