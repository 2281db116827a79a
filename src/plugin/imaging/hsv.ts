import type { Image } from '../corruption.js';

/** Red, green and blue in the grey of a colour (Rec. 709, as scikit-image has it). */
const LUMA = [0.2125, 0.7154, 0.0721] as const;

/**
 * Hue, saturation and value, a plane each, all in [0, 1], of an image of one channel (a grey: no hue, no saturation) or three
 * (red, green, blue), values in [0, 1].
 */
export function toHsv(values: Float64Array, [channels, height, width]: Image['shape']): Float64Array {
  const area = height * width;
  const hsv = new Float64Array(3 * area);
  if (channels === 1) {
    hsv.set(values, 2 * area);
    return hsv;
  }
  for (let i = 0; i < area; i++) {
    const red = values[i]!;
    const green = values[area + i]!;
    const blue = values[2 * area + i]!;
    const value = red > green ? (red > blue ? red : blue) : green > blue ? green : blue;
    const least = red < green ? (red < blue ? red : blue) : green < blue ? green : blue;
    const spread = value - least;
    hsv[2 * area + i] = value;
    if (spread === 0) continue;
    // Of channels as strong the last one decides; the hue is the same by all of them, but for the last bit.
    const sixths =
      blue === value
        ? 4 + (red - green) / spread
        : green === value
          ? 2 + (blue - red) / spread
          : (green - blue) / spread;
    const hue = sixths / 6;
    hsv[i] = hue < 0 ? hue + 1 : hue;
    hsv[area + i] = spread / value;
  }
  return hsv;
}

/**
 * What red, green and blue are in each sixth of the circle of hues: the value (0), falling from it (1), the least (2) or
 * rising to it (3).
 */
const RED = [0, 1, 2, 2, 3, 0] as const;
const GREEN = [3, 0, 0, 1, 2, 2] as const;
const BLUE = [2, 2, 3, 0, 0, 1] as const;

/** An image of `channels` channels, one (the grey of the colour) or three, from its hue, saturation and value. */
export function fromHsv(hsv: Float64Array, channels: number): Float64Array {
  const area = hsv.length / 3;
  const out = new Float64Array(channels * area);
  const parts = new Float64Array(4);
  for (let i = 0; i < area; i++) {
    const sixths = hsv[i]! * 6;
    const sector = Math.floor(sixths);
    const within = sixths - sector;
    const saturation = hsv[area + i]!;
    const value = hsv[2 * area + i]!;
    parts[0] = value;
    parts[1] = value * (1 - within * saturation);
    parts[2] = value * (1 - saturation);
    parts[3] = value * (1 - (1 - within) * saturation);
    const sixth = sector % 6;
    const red = parts[RED[sixth]!]!;
    const green = parts[GREEN[sixth]!]!;
    const blue = parts[BLUE[sixth]!]!;
    if (channels === 1) {
      out[i] = saturation === 0 ? value : red * LUMA[0] + green * LUMA[1] + blue * LUMA[2];
    } else {
      out[i] = red;
      out[area + i] = green;
      out[2 * area + i] = blue;
    }
  }
  return out;
}
