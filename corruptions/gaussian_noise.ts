/**
 * Independent normal noise on every value.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261; for MNIST Mu, Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019, arXiv:1906.02337.
 *
 * Checked against hendrycks/robustness 8190fe3 (make_cifar_c.py) and google-research/mnist-c bba57e4, fed with their recorded
 * draws: equal to the level. Deviations: none.
 */
import { defineCorruption, pixelValues, quantize } from '#plugin';

/** Severities of ImageNet-C; MNIST-C has the same. */
const IMAGENET = [{ sigma: 0.08 }, { sigma: 0.12 }, { sigma: 0.18 }, { sigma: 0.26 }, { sigma: 0.38 }];

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
  severities: {
    cifar: [{ sigma: 0.04 }, { sigma: 0.06 }, { sigma: 0.08 }, { sigma: 0.09 }, { sigma: 0.1 }],
    'tiny-imagenet': [{ sigma: 0.04 }, { sigma: 0.08 }, { sigma: 0.12 }, { sigma: 0.15 }, { sigma: 0.18 }],
    imagenet: IMAGENET,
    mnist: IMAGENET,
  },
  /** The noise itself, one value per value of the image. */
  sample: (random, { sigma }, [channels, height, width]) => {
    const noise = random.fillNormal(new Float64Array(channels * height * width));
    for (let i = 0; i < noise.length; i++) noise[i]! *= sigma;
    return noise;
  },
  apply: (image, noise, _parameters, setting) => {
    const values = pixelValues(image);
    for (let i = 0; i < values.length; i++) values[i]! += noise[i]!;
    return quantize(values, setting);
  },
});
