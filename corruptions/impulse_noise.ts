/**
 * Some values, each channel by itself, become 0 or 1.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261; for MNIST Mu, Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019, arXiv:1906.02337.
 *
 * Reference: hendrycks/robustness 8190fe3 (make_cifar_c.py) and google-research/mnist-c bba57e4. Their draws cannot be
 * recorded (scikit-image seeds a generator of its own); shares of changed, black and white values agree. Deviations: none.
 */
import { defineCorruption, pixelValues, quantize } from '#plugin';

/** Severities of ImageNet-C; MNIST-C has the same. */
const IMAGENET = [{ amount: 0.03 }, { amount: 0.06 }, { amount: 0.09 }, { amount: 0.17 }, { amount: 0.27 }];

const KEPT = -1;

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'impulse_noise',
    title: 'Impulse noise',
    summary: 'Turns some values black and some white, channel by channel: salt and pepper in colour.',
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
      amount: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0.03,
        description: 'Probability that a value is replaced; black and white are as likely',
      },
    },
  },
  severities: {
    cifar: [{ amount: 0.01 }, { amount: 0.02 }, { amount: 0.03 }, { amount: 0.05 }, { amount: 0.07 }],
    'tiny-imagenet': [
      { amount: 0.01 },
      { amount: 0.02 },
      { amount: 0.05 },
      { amount: 0.08 },
      { amount: 0.14 },
    ],
    imagenet: IMAGENET,
    mnist: IMAGENET,
  },
  /** What becomes of each value: 0 (black), 1 (white) or KEPT. */
  sample: (random, { amount }, [channels, height, width]) => {
    const size = channels * height * width;
    const replaced = random.fillUniform(new Float64Array(size));
    const salted = random.fillUniform(new Float64Array(size));
    const fates = new Int8Array(size);
    for (let i = 0; i < size; i++) fates[i] = replaced[i]! > amount ? KEPT : salted[i]! <= 0.5 ? 1 : 0;
    return fates;
  },
  apply: (image, fates, _parameters, setting) => {
    const values = pixelValues(image);
    for (let i = 0; i < values.length; i++) if (fates[i] !== KEPT) values[i] = fates[i]!;
    return quantize(values, setting);
  },
});
