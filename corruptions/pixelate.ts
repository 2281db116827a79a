/**
 * An image reduced with a box filter and enlarged again.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261; for MNIST Mu, Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019, arXiv:1906.02337.
 *
 * Checked against hendrycks/robustness 8190fe3 (make_cifar_c.py with Pillow 9.4) and google-research/mnist-c bba57e4: equal to the level.
 * Deviations: none.
 */
import { defineCorruption, levelsOf, resizeBox, unsuitedImage, valuesOfLevels } from '#plugin';

/** Severities of ImageNet-C; MNIST-C has the same. */
const IMAGENET = [{ scale: 0.6 }, { scale: 0.5 }, { scale: 0.4 }, { scale: 0.3 }, { scale: 0.25 }];

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'pixelate',
    title: 'Pixelate',
    summary: 'Makes the image small and large again, so that it shows its pixels.',
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
      scale: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.85,
        description: 'Height and width of the small image as a share of the large one',
      },
    },
  },
  severities: {
    cifar: [{ scale: 0.95 }, { scale: 0.9 }, { scale: 0.85 }, { scale: 0.75 }, { scale: 0.65 }],
    'tiny-imagenet': [{ scale: 0.9 }, { scale: 0.8 }, { scale: 0.7 }, { scale: 0.6 }, { scale: 0.5 }],
    imagenet: IMAGENET,
    mnist: IMAGENET,
  },
  sample: () => null,
  apply: (image, _drawn, { scale }) => {
    const [channels, height, width] = image.shape;
    const [low, narrow] = [Math.trunc(height * scale), Math.trunc(width * scale)];
    if (low < 1 || narrow < 1) {
      throw unsuitedImage('pixelate', `whose sides times ${scale} are at least 1 pixel`, image.shape);
    }
    const small = resizeBox(levelsOf(image), image.shape, low, narrow);
    return valuesOfLevels(resizeBox(small, [channels, low, narrow], height, width));
  },
});
