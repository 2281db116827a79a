import type { Image } from '../../src/plugin/corruption.js';
import { pixelValues } from '../../src/plugin/pixels.js';
import { poissonLaw } from '../../src/plugin/imaging/poisson.js';
import { drawnOfMnist } from './drawn-mnist.js';
import type { GoldenCase } from './golden.js';
import { channelsFirst } from './images.js';

/**
 * What a corruption of ours draws, made from what the published script drew. Undefined where the recording does not belong to
 * that image.
 */
type Adapter = (
  draws: Float64Array,
  golden: GoldenCase,
  parameters: Readonly<Record<string, number>>,
) => unknown;

/** One row per corruption that draws; the others need none. */
export const DRAWN: Readonly<Record<string, Adapter>> = {
  gaussian_noise: (noise, { image }) => channelsFirst(noise, image.shape),
  speckle_noise: (shares, { image }) => channelsFirst(shares, image.shape),
  shot_noise: (counts, { image, input }, { photons }) =>
    input === 'real32' ? undefined : midwayProbabilities(channelsFirst(counts, image.shape), image, photons!),
  motion_blur: ([angle]) => angle,
  glass_blur: (draws, { profile }) => (profile === 'mnist' ? movesAfterCoins(draws) : Int8Array.from(draws)),
  fog: (draws) => draws,
  snow: (draws, { image: { shape } }) => {
    const area = shape[1] * shape[2];
    return { layer: draws.subarray(0, area), angle: draws[area] };
  },
  spatter: (draws) => draws,
  elastic_transform: (draws, { image }) => {
    const area = image.shape[1] * image.shape[2];
    return {
      corners: draws.subarray(0, 6),
      right: draws.subarray(6, 6 + area),
      down: draws.subarray(6 + area),
    };
  },
  ...drawnOfMnist,
};

/** For every count a probability at which the Poisson law of its pixel has just that count. The counts are those of rgb32. */
function midwayProbabilities(counts: Float64Array, image: Image, photons: number): Float64Array {
  return pixelValues(image).map((value, i) => {
    const { first, cumulative } = poissonLaw(value * photons);
    const at = counts[i]! - first;
    return ((cumulative[at - 1] ?? 0) + cumulative[at]!) / 2;
  });
}

/** A coin for every turn, and after a 1 where that pixel goes; where it shows 0 the pixel stays. */
function movesAfterCoins(draws: Float64Array): Int8Array {
  const moves: number[] = [];
  for (let i = 0; i < draws.length; i++) {
    if (draws[i] === 0) moves.push(0, 0);
    else moves.push(draws[++i]!, draws[++i]!);
  }
  return Int8Array.from(moves);
}
