/**
 * Gaussian blur of every channel, edges replicated.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261; for MNIST Mu, Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019, arXiv:1906.02337.
 *
 * Checked against hendrycks/robustness 8190fe3 (make_cifar_c.py with scikit-image 0.19.3) and google-research/mnist-c bba57e4:
 * equal to the level. Deviations: none. MNIST-C blurs down the columns alone, by an oversight of its script that `reference`
 * quirks keep and `fixed` ones do not.
 */
import { blurAxesOf, defineCorruption, gaussianBlur, pixelValues, quantize } from '#plugin';

/** Severities of ImageNet-C; MNIST-C has the same. */
const IMAGENET = [{ sigma: 1 }, { sigma: 2 }, { sigma: 3 }, { sigma: 4 }, { sigma: 6 }];

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'gaussian_blur',
    title: 'Gaussian blur',
    summary: 'Blurs with a Gaussian kernel, as a low-pass filter does.',
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
      sigma: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 100,
        default: 0.7,
        description: 'Standard deviation of the kernel in pixels; it is cut at four of them',
      },
    },
  },
  severities: {
    cifar: [{ sigma: 0.4 }, { sigma: 0.6 }, { sigma: 0.7 }, { sigma: 0.8 }, { sigma: 1 }],
    'tiny-imagenet': [{ sigma: 0.5 }, { sigma: 0.75 }, { sigma: 1 }, { sigma: 1.25 }, { sigma: 1.5 }],
    imagenet: IMAGENET,
    mnist: IMAGENET,
  },
  sample: () => null,
  apply: (image, _drawn, { sigma }, setting) =>
    quantize(gaussianBlur(pixelValues(image), image.shape, sigma, { axes: blurAxesOf(setting) }), setting),
});
