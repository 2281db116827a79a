/**
 * The colours of JFIF in whole numbers of 16 fractional bits: luminance and two differences of colour, 0 to 255 each, from red,
 * green and blue, and back.
 */
const FRACTION_BITS = 16;
const HALF = 2 ** (FRACTION_BITS - 1);
const CENTER = 128;

const fixed = (value: number): number => Math.round(value * 2 ** FRACTION_BITS);
const Y_RED = fixed(0.299);
const Y_GREEN = fixed(0.587);
const Y_BLUE = fixed(0.114);
const CB_RED = fixed(0.16874);
const CB_GREEN = fixed(0.33126);
const CR_GREEN = fixed(0.41869);
const CR_BLUE = fixed(0.08131);
const RED_CR = fixed(1.402);
const GREEN_CB = fixed(0.34414);
const GREEN_CR = fixed(0.71414);
const BLUE_CB = fixed(1.772);

type Planes = readonly [Uint8Array, Uint8Array, Uint8Array];

/** Luminance, blue difference and red difference of an image of three channels, channels first. */
export function toLuminance(levels: Uint8Array): Planes {
  const area = levels.length / 3;
  const planes: Planes = [new Uint8Array(area), new Uint8Array(area), new Uint8Array(area)];
  const [luminance, blueness, redness] = planes;
  const offset = CENTER * 2 ** FRACTION_BITS + HALF - 1;
  for (let i = 0; i < area; i++) {
    const red = levels[i]!;
    const green = levels[area + i]!;
    const blue = levels[2 * area + i]!;
    luminance[i] = (Y_RED * red + Y_GREEN * green + Y_BLUE * blue + HALF) >> FRACTION_BITS;
    blueness[i] = (HALF * blue - CB_RED * red - CB_GREEN * green + offset) >> FRACTION_BITS;
    redness[i] = (HALF * red - CR_GREEN * green - CR_BLUE * blue + offset) >> FRACTION_BITS;
  }
  return planes;
}

/** An image of three channels, channels first, from its luminance and differences. */
export function fromLuminance([luminance, blueness, redness]: Planes): Uint8Array {
  const area = luminance.length;
  const out = new Uint8ClampedArray(3 * area);
  for (let i = 0; i < area; i++) {
    const y = luminance[i]!;
    const cb = blueness[i]! - CENTER;
    const cr = redness[i]! - CENTER;
    out[i] = y + ((RED_CR * cr + HALF) >> FRACTION_BITS);
    out[area + i] = y + ((HALF - GREEN_CB * cb - GREEN_CR * cr) >> FRACTION_BITS);
    out[2 * area + i] = y + ((BLUE_CB * cb + HALF) >> FRACTION_BITS);
  }
  return new Uint8Array(out.buffer);
}
