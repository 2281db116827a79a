/**
 * An image as a JPEG file gives it back.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261; for MNIST Mu, Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019, arXiv:1906.02337.
 *
 * Checked against hendrycks/robustness 8190fe3 (make_cifar_c.py with Pillow 9.4) and google-research/mnist-c bba57e4: equal to the level.
 * Deviations: none.
 */
import { defineCorruption, jpegRoundTrip, levelsOf, requireGreyOrColour, valuesOfLevels } from '#plugin';

/** Severities of ImageNet-C; MNIST-C has the same. */
const IMAGENET = [{ quality: 25 }, { quality: 18 }, { quality: 15 }, { quality: 10 }, { quality: 7 }];

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'jpeg_compression',
    title: 'JPEG compression',
    summary: 'Compresses the image as a JPEG file of low quality.',
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
      quality: {
        type: 'integer',
        minimum: 1,
        maximum: 100,
        default: 58,
        description: 'Quality of the file from 1 to 100, as the Independent JPEG Group counts it',
      },
    },
  },
  severities: {
    cifar: [{ quality: 80 }, { quality: 65 }, { quality: 58 }, { quality: 50 }, { quality: 40 }],
    'tiny-imagenet': [{ quality: 65 }, { quality: 58 }, { quality: 50 }, { quality: 40 }, { quality: 25 }],
    imagenet: IMAGENET,
    mnist: IMAGENET,
  },
  sample: () => null,
  apply: (image, _drawn, { quality }) => {
    requireGreyOrColour('jpeg_compression', image.shape);
    return valuesOfLevels(jpegRoundTrip(levelsOf(image), image.shape, quality));
  },
});
