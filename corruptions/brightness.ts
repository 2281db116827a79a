/**
 * The value (of hue, saturation, value) of every pixel raised by a constant.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261; for MNIST Mu, Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019, arXiv:1906.02337.
 *
 * Checked against hendrycks/robustness 8190fe3 (make_cifar_c.py) and google-research/mnist-c bba57e4: equal to the level.
 * Deviations: none.
 */
import { defineCorruption, fromHsv, pixelValues, quantize, requireGreyOrColour, toHsv } from '#plugin';

/** Severities of ImageNet-C; MNIST-C has the same. */
const IMAGENET = [{ amount: 0.1 }, { amount: 0.2 }, { amount: 0.3 }, { amount: 0.4 }, { amount: 0.5 }];

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'brightness',
    title: 'Brightness',
    summary: 'Raises the value of every colour, as a longer exposure does.',
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
      amount: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0.15,
        description: 'What is added to the value, which is in [0, 1]',
      },
    },
  },
  severities: {
    cifar: [{ amount: 0.05 }, { amount: 0.1 }, { amount: 0.15 }, { amount: 0.2 }, { amount: 0.3 }],
    'tiny-imagenet': [{ amount: 0.1 }, { amount: 0.2 }, { amount: 0.3 }, { amount: 0.4 }, { amount: 0.5 }],
    imagenet: IMAGENET,
    mnist: IMAGENET,
  },
  sample: () => null,
  apply: (image, _drawn, { amount }, setting) => {
    requireGreyOrColour('brightness', image.shape);
    const hsv = toHsv(pixelValues(image), image.shape);
    for (let i = (2 * hsv.length) / 3; i < hsv.length; i++) hsv[i] = Math.min(hsv[i]! + amount, 1);
    return quantize(fromHsv(hsv, image.shape[0]), setting);
  },
});
