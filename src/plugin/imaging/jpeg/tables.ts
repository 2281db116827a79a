import { memoize } from '../memoize.js';

/** Example quantisation tables of the JPEG standard (ITU-T T.81, Annex K.1), row by row. */
const ANNEX_K = {
  // prettier-ignore
  luminance: [
    16, 11, 10, 16,  24,  40,  51,  61,
    12, 12, 14, 19,  26,  58,  60,  55,
    14, 13, 16, 24,  40,  57,  69,  56,
    14, 17, 22, 29,  51,  87,  80,  62,
    18, 22, 37, 56,  68, 109, 103,  77,
    24, 35, 55, 64,  81, 104, 113,  92,
    49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103,  99,
  ],
  // prettier-ignore
  chrominance: [
    17, 18, 24, 47, 99, 99, 99, 99,
    18, 21, 26, 66, 99, 99, 99, 99,
    24, 26, 56, 99, 99, 99, 99, 99,
    47, 66, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
  ],
} as const;

export type JpegTable = keyof typeof ANNEX_K;

/** The table of a quality from 1 to 100, scaled as the Independent JPEG Group does; 50 leaves it as it is. */
export const quantisationTable = memoize((name: JpegTable, quality: number): Int32Array => {
  const percent = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  return Int32Array.from(ANNEX_K[name], (step) =>
    Math.min(Math.max(Math.floor((step * percent + 50) / 100), 1), 255),
  );
});
