/** One decoded picture. */
export interface DecodedImage {
  /** [C, H, W]: one channel for grey, three for red, green, blue. */
  readonly shape: readonly [channels: number, height: number, width: number];
  /** Channels first, 0 to 255. */
  readonly data: Uint8Array;
}

/** The samples of interleaved pixels, channel after channel instead. */
export function planar(pixels: Uint8Array, channels: number, area: number): Uint8Array {
  const out = new Uint8Array(channels * area);
  for (let channel = 0; channel < channels; channel++) {
    for (let place = 0; place < area; place++) {
      out[channel * area + place] = pixels[place * channels + channel]!;
    }
  }
  return out;
}
