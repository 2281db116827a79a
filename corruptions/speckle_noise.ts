/**
 * Independent normal noise on every value, in proportion to it.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261; for MNIST Mu, Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019, arXiv:1906.02337.
 *
 * Checked against hendrycks/robustness 8190fe3 (make_cifar_c.py) and google-research/mnist-c bba57e4, fed with their recorded
 * draws: equal to the level. Deviations: none.
 */
import { defineCorruption, pixelValues, quantize } from '#plugin';

/** Severities of ImageNet-C; MNIST-C has the same. */
const IMAGENET = [{ sigma: 0.15 }, { sigma: 0.2 }, { sigma: 0.35 }, { sigma: 0.45 }, { sigma: 0.6 }];

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'speckle_noise',
    title: 'Speckle noise',
    summary: 'Adds normal noise in proportion to each value.',
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
        maximum: 10,
        default: 0.12,
        description: 'Standard deviation of the noise as a share of the value',
      },
    },
  },
  severities: {
    cifar: [{ sigma: 0.06 }, { sigma: 0.1 }, { sigma: 0.12 }, { sigma: 0.16 }, { sigma: 0.2 }],
    'tiny-imagenet': [{ sigma: 0.15 }, { sigma: 0.2 }, { sigma: 0.25 }, { sigma: 0.3 }, { sigma: 0.35 }],
    imagenet: IMAGENET,
    mnist: IMAGENET,
  },
  /** The noise of each value as a share of it. */
  sample: (random, { sigma }, [channels, height, width]) => {
    const shares = random.fillNormal(new Float64Array(channels * height * width));
    for (let i = 0; i < shares.length; i++) shares[i]! *= sigma;
    return shares;
  },
  apply: (image, shares, _parameters, setting) => {
    const values = pixelValues(image);
    for (let i = 0; i < values.length; i++) values[i]! += values[i]! * shares[i]!;
    return quantize(values, setting);
  },
});
