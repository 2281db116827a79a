import type { Image } from '../corruption.js';

// Global lookups once per value show where tests run them.
const { fround } = Math;

/** Shares of red, green and blue in luma (ITU-R BT.601). */
const RED = fround(0.299);
const GREEN = fround(0.587);
const BLUE = fround(0.114);

/**
 * The luma of an image's pixels: of red, green and blue in float32, as OpenCV's `COLOR_RGB2GRAY` computes it with fused
 * multiply-add; of a grey image its own values. Takes one channel or three.
 */
export function grayOf(values: Float64Array, [channels, height, width]: Image['shape']): Float64Array {
  if (channels === 1) return values;
  const area = height * width;
  const gray = new Float64Array(area);
  for (let i = 0; i < area; i++) {
    const red = fround(RED * values[i]!);
    const andGreen = fround(GREEN * values[area + i]! + red);
    gray[i] = fround(BLUE * values[2 * area + i]! + andGreen);
  }
  return gray;
}
