import { roundHalfEven } from '../pixels.js';

/**
 * Levels (0 to 255) spread so that they are about equally frequent: the lowest becomes 0, the highest 255. OpenCV's
 * `equalizeHist`, which computes in float32 and rounds halves to even. An image of one level is kept.
 */
export function equalizeHistogram(levels: Uint8Array): Uint8Array {
  const counts = new Uint32Array(256);
  for (let i = 0; i < levels.length; i++) counts[levels[i]!]!++;
  const lowest = counts.findIndex((count) => count > 0);
  if (lowest < 0 || counts[lowest] === levels.length) return levels.slice();
  const scale = Math.fround(255 / (levels.length - counts[lowest]!));
  const table = new Uint8Array(256);
  for (let level = lowest + 1, below = 0; level < 256; level++) {
    below += counts[level]!;
    table[level] = Math.min(roundHalfEven(Math.fround(below * scale)), 255);
  }
  return levels.map((level) => table[level]!);
}
