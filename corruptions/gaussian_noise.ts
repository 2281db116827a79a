/**
 * Independent normal noise on every value.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261. Severities are those of CIFAR-10-C, made for 32 x 32 images, and are used for every size of about
 * that, 28 x 28 included.
 *
 * Checked against hendrycks/robustness 8190fe3 (make_cifar_c.py), fed with its recorded draws: equal to the level.
 * Deviations: none.
 */
import { defineCorruption, pixelValues, quantize } from '#plugin';

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'gaussian_noise',
    title: 'Gaussian noise',
    summary: 'Adds independent normal noise to every value, as in low light.',
    paper:
      'Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019, arXiv:1903.12261',
    version: '1.0.0',
    apiVersion: 1,
    stochastic: true,
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      sigma: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.08,
        description: 'Standard deviation of the noise, for values in [0, 1]',
      },
    },
  },
  severities: [{ sigma: 0.04 }, { sigma: 0.06 }, { sigma: 0.08 }, { sigma: 0.09 }, { sigma: 0.1 }],
  /** The noise itself, one value per value of the image. */
  sample: (random, { sigma }, [channels, height, width]) =>
    random.fillNormal(new Float64Array(channels * height * width)).map((value) => sigma * value),
  apply: (image, noise, _parameters, setting) =>
    quantize(
      pixelValues(image).map((value, i) => value + noise[i]!),
      setting,
    ),
});
