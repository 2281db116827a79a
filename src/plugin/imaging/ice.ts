import type { RandomStream } from '../../random/stream.js';
import { clamp } from '../../tensor/clamp.js';
import type { Image } from '../corruption.js';
import { plasma, plasmaNoise } from './plasma.js';

/** What makes one pane of ice different from another. Lengths are in sides of the pane, its longer one. */
export interface Ice {
  /** Crystals, {@link NUMBERS} each: row and column of the root, cosine and sine of the stem's direction, barbs per side, their phase. */
  readonly crystals: Float64Array;
  /** The noise of its clouds; see plasmaNoise. */
  readonly clouds: Float64Array;
  /** Mean shade, 0 to 1. */
  readonly tone: number;
}

const CRYSTALS = 12;
const NUMBERS = 6;
const LEAST_BARBS = 6;
const MOST_BARBS = 14;
/** Barbs lean toward the stem's tip at 60 degrees: a pixel off the stem is this much nearer its root along them. */
const LEAN = 1 / Math.sqrt(3);
/** Finer clouds are weaker by the square of this, level by level. */
const CLOUD_DECAY = 1.3;
/** From a thin film to thick rime. */
const LEAST_TONE = 0.05;
const MOST_TONE = 0.8;
/** How far clouds and barbs move a shade from the mean, to either side, and clouds a barb from its place, in radians. */
const CLOUD_SHADE = 0.3;
const BARB_SHADE = 0.12;
const CLOUD_BEND = 4;
/** What the seams where crystals meet add to a shade, and their width. */
const SEAM_SHADE = 0.2;
const SEAM_WIDTH = 0.04;

/** Draws a pane of ice for images of a shape. */
export function drawIce(random: RandomStream, shape: Image['shape']): Ice {
  const crystals = new Float64Array(CRYSTALS * NUMBERS);
  for (let i = 0; i < crystals.length; i += NUMBERS) {
    const direction = 2 * Math.PI * random.uniform();
    crystals[i] = random.uniform();
    crystals[i + 1] = random.uniform();
    crystals[i + 2] = Math.cos(direction);
    crystals[i + 3] = Math.sin(direction);
    crystals[i + 4] = LEAST_BARBS + (MOST_BARBS - LEAST_BARBS) * random.uniform();
    crystals[i + 5] = 2 * Math.PI * random.uniform();
  }
  const tone = LEAST_TONE + (MOST_TONE - LEAST_TONE) * random.uniform();
  return { crystals, tone, clouds: plasmaNoise(random, cloudSize(shape), CLOUD_DECAY) };
}

/**
 * Shades of a pane of ice, 0 (bare glass) to 1 (thick frost), one per pixel: clouds of diamond-square noise, and crystals that
 * each fill the pixels nearest to their root with barbs on both sides of a stem, brighter along the seams where they meet.
 */
export function iceShades({ crystals, clouds, tone }: Ice, shape: Image['shape']): Float64Array {
  const [, height, width] = shape;
  const size = cloudSize(shape);
  const side = Math.max(height, width);
  const cloud = plasma(clouds, size, CLOUD_DECAY);
  const shades = new Float64Array(height * width);
  const { abs, sin, sqrt, PI } = Math;
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i++) {
      const [y, x] = [row / side, column / side];
      let nearest = 0;
      let first = Infinity;
      let second = Infinity;
      for (let crystal = 0; crystal < crystals.length; crystal += NUMBERS) {
        const down = y - crystals[crystal]!;
        const right = x - crystals[crystal + 1]!;
        const square = down * down + right * right;
        if (square < first) {
          second = first;
          first = square;
          nearest = crystal;
        } else if (square < second) second = square;
      }
      const down = y - crystals[nearest]!;
      const right = x - crystals[nearest + 1]!;
      const cosine = crystals[nearest + 2]!;
      const sine = crystals[nearest + 3]!;
      const along = right * cosine + down * sine;
      const across = abs(down * cosine - right * sine);
      const cloudy = 2 * cloud[row * size + column]! - 1;
      const turns = crystals[nearest + 4]! * (along - across * LEAN);
      const barb = sin(2 * PI * turns + crystals[nearest + 5]! + CLOUD_BEND * cloudy);
      const seam = 1 - (sqrt(second) - sqrt(first)) / SEAM_WIDTH;
      const shade = tone + CLOUD_SHADE * cloudy + BARB_SHADE * barb + (seam > 0 ? SEAM_SHADE * seam : 0);
      shades[i] = clamp(shade, 0, 1);
    }
  }
  return shades;
}

/** Side of the clouds' map: the smallest power of two that covers the image. */
function cloudSize([, height, width]: Image['shape']): number {
  let size = 2;
  while (size < Math.max(height, width)) size *= 2;
  return size;
}
