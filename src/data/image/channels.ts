import type { DecodedImage } from './decoded.js';

/** Three equal channels where there is one; other images are themselves. */
export function asColour(image: DecodedImage): DecodedImage {
  const [channels, height, width] = image.shape;
  if (channels !== 1) return image;
  const data = new Uint8Array(3 * image.data.length);
  for (let channel = 0; channel < 3; channel++) data.set(image.data, channel * image.data.length);
  return { shape: [3, height, width], data };
}
