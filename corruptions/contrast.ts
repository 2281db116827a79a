/**
 * Every channel moved toward its mean.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261; for MNIST Mu, Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019, arXiv:1906.02337.
 *
 * Checked against hendrycks/robustness 8190fe3 (make_cifar_c.py) and google-research/mnist-c bba57e4: equal to the level.
 * Deviations: none.
 */
import { defineCorruption, pixelValues, quantize } from '#plugin';

/** Severities of ImageNet-C; MNIST-C has the same. */
const IMAGENET = [{ factor: 0.4 }, { factor: 0.3 }, { factor: 0.2 }, { factor: 0.1 }, { factor: 0.05 }];

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'contrast',
    title: 'Contrast',
    summary: 'Lowers the contrast, as in poor light or through haze.',
    paper:
      'Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019, arXiv:1903.12261',
    version: '1.0.0',
    apiVersion: 1,
    stochastic: false,
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      factor: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0.4,
        description: 'Share of the distance from the mean that is kept',
      },
    },
  },
  severities: {
    cifar: [{ factor: 0.75 }, { factor: 0.5 }, { factor: 0.4 }, { factor: 0.3 }, { factor: 0.15 }],
    'tiny-imagenet': [{ factor: 0.4 }, { factor: 0.3 }, { factor: 0.2 }, { factor: 0.1 }, { factor: 0.05 }],
    imagenet: IMAGENET,
    mnist: IMAGENET,
  },
  sample: () => null,
  apply: (image, _drawn, { factor }, setting) => {
    const values = pixelValues(image);
    const area = image.shape[1] * image.shape[2];
    for (let start = 0; start < values.length; start += area) {
      let sum = 0;
      for (let i = start; i < start + area; i++) sum += values[i]!;
      const mean = sum / area;
      for (let i = start; i < start + area; i++) values[i] = (values[i]! - mean) * factor + mean;
    }
    return quantize(values, setting);
  },
});
