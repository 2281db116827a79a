/**
 * The mean of an image and its enlargements by factors from 1 up.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261; for MNIST Mu, Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019, arXiv:1906.02337.
 *
 * Checked against hendrycks/robustness 8190fe3 (make_cifar_c.py) and google-research/mnist-c bba57e4: equal to the level.
 * Deviations: none for square images, for which the scripts are made; others are
 * enlarged along each axis by itself.
 */
import { clippedZoom, defineCorruption, pixelValues, quantize } from '#plugin';

/** Severities of ImageNet-C; MNIST-C has the same. */
const IMAGENET = [
  { step: 0.01, count: 12 },
  { step: 0.01, count: 16 },
  { step: 0.02, count: 11 },
  { step: 0.02, count: 13 },
  { step: 0.03, count: 11 },
];

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'zoom_blur',
    title: 'Zoom blur',
    summary: 'Averages the image with enlargements of itself, as a camera that moves forward does.',
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
      step: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.01,
        description: 'How far the factors are apart',
      },
      count: {
        type: 'integer',
        minimum: 1,
        maximum: 1000,
        default: 16,
        description: 'How many factors there are; the first is 1',
      },
    },
  },
  severities: {
    cifar: [
      { step: 0.01, count: 7 },
      { step: 0.01, count: 12 },
      { step: 0.01, count: 16 },
      { step: 0.01, count: 21 },
      { step: 0.01, count: 26 },
    ],
    'tiny-imagenet': [
      { step: 0.01, count: 7 },
      { step: 0.01, count: 12 },
      { step: 0.01, count: 16 },
      { step: 0.01, count: 21 },
      { step: 0.01, count: 26 },
    ],
    imagenet: IMAGENET,
    mnist: IMAGENET,
  },
  sample: () => null,
  apply: (image, _drawn, { step, count }, setting) => {
    // Single precision from here on, as in the scripts.
    const values = Float32Array.from(pixelValues(image));
    const enlarged = new Float32Array(values.length);
    const sum = new Float32Array(values.length);
    for (let i = 0; i < count; i++) {
      clippedZoom(values, image.shape, factorAt(i, step), enlarged);
      for (let k = 0; k < sum.length; k++) sum[k]! += enlarged[k]!;
    }
    for (let k = 0; k < sum.length; k++) sum[k] = Math.fround(values[k]! + sum[k]!) / (count + 1);
    return quantize(sum, setting);
  },
});

/** As `numpy.arange(1, ..., step)` has it: another order of the sum turns one rounded size at 1.25 into the next. */
function factorAt(i: number, step: number): number {
  return 1 + i * (1 + step - 1);
}
