import { GauntletError } from '../../errors.js';
import { decodeImage } from '../image-file.js';
import { asColour } from '../image/channels.js';
import type { DecodedImage } from '../image/decoded.js';
import { fit, type Resize } from '../image/resize.js';
import type { LabelledImages } from '../images.js';

/** A picture file and its class. */
export interface Picture {
  readonly path: string;
  readonly label: number;
}

/** Files decoded at the same time. */
const AT_ONCE = 8;
/** Bytes of pixels that are kept in memory at most: 4 GiB. */
const MOST_BYTES = 2 ** 32;

/**
 * Decodes picture files into one set: grey if all of them are, else red, green, blue. All is kept in memory.
 * @param source how messages call the set.
 * @param size brings pictures to one size; without it they must have one already.
 * @throws GauntletError DATA_INVALID when sizes differ, the set is too large, or a file is damaged; DATA_NOT_FOUND for a file
 *   that is missing; JPEG_DECODER_MISSING.
 */
export async function readPictures(
  pictures: readonly Picture[],
  numClasses: number,
  source: string,
  size?: Resize,
): Promise<LabelledImages> {
  const images: DecodedImage[] = [];
  for (let from = 0; from < pictures.length; from += AT_ONCE) {
    const some = pictures.slice(from, from + AT_ONCE).map(async ({ path }) => {
      const image = await decodeImage(path);
      return size === undefined ? image : fit(image, size);
    });
    images.push(...(await Promise.all(some)));
    requireAlike(images, from, pictures);
    requireRoom(images[0]!, pictures.length, source);
  }
  const coloured = images.some(({ shape }) => shape[0] === 3);
  const uniform = coloured ? images.map(asColour) : images;
  const { shape, data } = uniform[0]!;
  const pixels = new Uint8Array(uniform.length * data.length);
  uniform.forEach((image, i) => pixels.set(image.data, i * data.length));
  return { shape, pixels, labels: Int32Array.from(pictures, ({ label }) => label), numClasses };
}

function requireAlike(images: readonly DecodedImage[], from: number, pictures: readonly Picture[]): void {
  const [, height, width] = images[0]!.shape;
  for (let i = from; i < images.length; i++) {
    const [, ownHeight, ownWidth] = images[i]!.shape;
    if (ownHeight === height && ownWidth === width) continue;
    const sizes = `${pictures[0]!.path} is ${height} x ${width}, ${pictures[i]!.path} is ${ownHeight} x ${ownWidth}`;
    throw new GauntletError('DATA_INVALID', `Pictures differ in size: ${sizes}.`, {
      help: 'Say in the model card how they are resized (`data.resize`), or resize them beforehand.',
    });
  }
}

function requireRoom({ shape, data }: DecodedImage, count: number, source: string): void {
  if (count * data.length <= MOST_BYTES) return;
  const received = `${count} pictures of ${shape.join(' x ')}, more than the 4 GiB that are kept in memory`;
  throw new GauntletError('DATA_INVALID', `${source} holds ${received}.`, {
    help: 'Give a folder of fewer or smaller pictures.',
  });
}
