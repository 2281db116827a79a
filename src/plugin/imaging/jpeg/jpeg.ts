import type { Image } from '../../corruption.js';
import { fromLuminance, toLuminance } from './colours.js';
import { doublePlane, halvePlane, quantisePlane } from './planes.js';
import { quantisationTable } from './tables.js';

/**
 * Levels (0 to 255, channels first, one or three channels) as a baseline JPEG file of that quality (1 to 100) gives them back,
 * with the differences of colour at half the size (4:2:0) and the tables, transforms and upsampling of the Independent JPEG
 * Group's library as Pillow uses it. No file is made: what its entropy coder packs, its decoder unpacks unchanged.
 */
export function jpegRoundTrip(
  levels: Uint8Array,
  [channels, height, width]: Image['shape'],
  quality: number,
): Uint8Array {
  const brightness = quantisationTable('luminance', quality);
  if (channels === 1) return quantisePlane({ samples: levels, width, height }, brightness).samples;
  const [luminance, blueness, redness] = toLuminance(levels);
  const colour = quantisationTable('chrominance', quality);
  const difference = (samples: Uint8Array): Uint8Array => {
    const half = quantisePlane(halvePlane({ samples, width, height }), colour);
    return doublePlane(half, width, height).samples;
  };
  return fromLuminance([
    quantisePlane({ samples: luminance, width, height }, brightness).samples,
    difference(blueness),
    difference(redness),
  ]);
}
