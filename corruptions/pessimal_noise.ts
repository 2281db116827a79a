/**
 * Noise from the normal distribution that was found to hurt a classifier of MNIST most: 14 x 14 correlated values of a fixed
 * norm, repeated over the image.
 *
 * Mu, Gilmer, "MNIST-C: A robustness benchmark for computer vision", ICML 2019 workshop on uncertainty and robustness in
 * deep learning, arXiv:1906.02337.
 *
 * The distribution is a matrix of 196 x 196 learned numbers (pessimal_noise_matrix of google-research/mnist-c), which does not
 * come with Gauntlet and was not at hand. Checked against google-research/mnist-c bba57e4 in what does not depend on it: noise
 * of the stated norm is repeated and clipped as in its recorded outputs, to the level. Deviations: none.
 */
import { defineCorruption, GauntletError, pixelValues, quantize } from '#plugin';

const SIDE = 14;
const VALUES = SIDE * SIDE;
/** L2 norm of the 14 x 14 values, for images in [0, 1]. */
const NORM = 10.63 / 4;

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'pessimal_noise',
    title: 'Pessimal noise',
    summary: 'Adds the correlated normal noise that was found to hurt a classifier of MNIST most.',
    paper:
      'Mu, Gilmer, "MNIST-C: A robustness benchmark for computer vision", ICML 2019 workshop on uncertainty and robustness in deep learning, arXiv:1906.02337',
    version: '1.0.0',
    apiVersion: 1,
    stochastic: true,
    needs: 'pessimal-noise-matrix',
  },
  parameters: { type: 'object', additionalProperties: false, properties: {} },
  severities: { mnist: [{}] },
  /** 196 independent standard normals, which the matrix correlates. */
  sample: (random): Float64Array => random.fillNormal(new Float64Array(VALUES)),
  apply: (image, normals, _parameters, setting) => {
    const noise = correlated(normals, setting.noiseMatrix);
    const scale = NORM / Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0));
    const [, height, width] = image.shape;
    const values = pixelValues(image);
    for (let i = 0; i < values.length; i++) {
      const row = Math.floor(i / width) % height;
      values[i]! += scale * noise[(row % SIDE) * SIDE + ((i % width) % SIDE)]!;
    }
    return quantize(values, setting);
  },
});

/**
 * A row of normals times the matrix.
 * @throws GauntletError CORRUPTION_ASSET without a matrix, DATA_INVALID for one of another size.
 */
function correlated(normals: Float64Array, matrix: ArrayLike<number> | undefined): Float64Array {
  if (matrix === undefined) {
    throw new GauntletError(
      'CORRUPTION_ASSET',
      'pessimal_noise needs the matrix pessimal_noise_matrix of google-research/mnist-c, which does not come with Gauntlet.',
      { help: 'Hand it to the corruption as `noiseMatrix` of its setting: 196 x 196 numbers, row by row.' },
    );
  }
  if (matrix.length !== VALUES * VALUES) {
    throw new GauntletError(
      'DATA_INVALID',
      `The matrix of pessimal_noise has ${VALUES} x ${VALUES} = ${VALUES * VALUES} numbers; received ${matrix.length}.`,
    );
  }
  const out = new Float64Array(VALUES);
  for (let i = 0; i < VALUES; i++) {
    for (let j = 0; j < VALUES; j++) out[j]! += normals[i]! * matrix[i * VALUES + j]!;
  }
  return out;
}
