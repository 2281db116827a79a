import type { GoldenCase } from './golden.js';
import { NumpyRandom } from './numpy-random.js';

type Parameters = Readonly<Record<string, number>>;
type Redraw = (random: NumpyRandom, parameters: Parameters, golden: GoldenCase) => Float64Array<ArrayBuffer>;

/** The published scripts' calls of their generator, for the corruptions whose draws were recorded at some severities alone. */
const REDRAWS: Readonly<Record<string, Redraw>> = {
  gaussian_noise: (random, { sigma }, { image }) => random.normals(0, sigma!, image.data.length),
  speckle_noise: (random, { sigma }, { image }) => random.normals(0, sigma!, image.data.length),
  glass_blur: (random, { reach, passes }, { image: { shape }, profile }) => {
    const turns = passes! * (shape[1] - 2 * reach!) * (shape[2] - 2 * reach!);
    const draws: number[] = [];
    for (let turn = 0; turn < turns; turn++) {
      // MNIST-C chooses of [true, false] for every pixel, and draws on after a true.
      const coin = profile === 'mnist' ? 1 - random.integer(2) : undefined;
      if (coin !== undefined) draws.push(coin);
      if (coin !== 0) draws.push(random.integer(2 * reach!) - reach!, random.integer(2 * reach!) - reach!);
    }
    return Float64Array.from(draws);
  },
  snow: (random, parameters, golden) =>
    Float64Array.of(...layer(random, parameters, golden), ...random.uniforms(-135, -45, 1)),
  spatter: layer,
};

function layer(random: NumpyRandom, { mean, deviation }: Parameters, { image }: GoldenCase) {
  return random.normals(mean!, deviation!, image.shape[1] * image.shape[2]);
}

/** What a published script drew for an image, made again from its seed; undefined where it is not known how. */
export function redrawn(golden: GoldenCase, parameters: Parameters): Float64Array<ArrayBuffer> | undefined {
  return REDRAWS[golden.corruption]?.(new NumpyRandom(1000 + golden.severity), parameters, golden);
}
