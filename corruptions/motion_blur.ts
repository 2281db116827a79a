/**
 * One side of a Gaussian laid along a line in a random direction, edges replicated.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261; for MNIST Mu, Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019, arXiv:1906.02337.
 *
 * Checked against hendrycks/robustness 8190fe3 (make_cifar_c.py with ImageMagick 6.9.11) and google-research/mnist-c bba57e4, fed
 * with their recorded angles: equal to the level. Deviations: none. ImageMagick cuts its 16 bits to 8, which `fixed` quirks
 * round.
 */
import { defineCorruption, levelsOf, motionBlur, valuesOfLevels } from '#plugin';

/** Severities of ImageNet-C; MNIST-C has the same. */
const IMAGENET = [
  { radius: 10, sigma: 3 },
  { radius: 15, sigma: 5 },
  { radius: 15, sigma: 8 },
  { radius: 15, sigma: 12 },
  { radius: 20, sigma: 15 },
];

/** Degrees by which the direction differs from the horizontal at most. */
const STEEPEST = 45;

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'motion_blur',
    title: 'Motion blur',
    summary: 'Blurs along a line in a random direction, as a moving camera does.',
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
      radius: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1000,
        default: 6,
        description: 'Reach of the blur in pixels; at most twice as far is blurred',
      },
      sigma: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1000,
        default: 2,
        description: 'Standard deviation of the weights along the line, in pixels',
      },
    },
  },
  severities: {
    cifar: [
      { radius: 6, sigma: 1 },
      { radius: 6, sigma: 1.5 },
      { radius: 6, sigma: 2 },
      { radius: 8, sigma: 2 },
      { radius: 9, sigma: 2.5 },
    ],
    'tiny-imagenet': [
      { radius: 10, sigma: 1 },
      { radius: 10, sigma: 1.5 },
      { radius: 10, sigma: 2 },
      { radius: 10, sigma: 2.5 },
      { radius: 12, sigma: 3 },
    ],
    imagenet: IMAGENET,
    mnist: IMAGENET,
  },
  /** The direction in degrees. */
  sample: (random) => STEEPEST * (2 * random.uniform() - 1),
  apply: (image, angle, { radius, sigma }, { quirks }) => {
    const to8Bits = quirks === 'fixed' ? 'nearest' : 'cut';
    return valuesOfLevels(motionBlur(levelsOf(image), image.shape, { radius, sigma, angle, to8Bits }));
  },
});
