/**
 * The image drawn smaller about its centre, sampled bilinearly without smoothing it first; black comes in from
 * outside.
 *
 * Mu, Gilmer, "MNIST-C: A robustness benchmark for computer vision", ICML 2019 workshop on uncertainty and robustness
 * in deep learning, arXiv:1906.02337.
 *
 * Checked against google-research/mnist-c bba57e4: equal to the level. Deviations: none.
 */
import { defineCorruption, pixelValues, quantize, resampleAffine } from '#plugin';

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'scale',
    title: 'Scale',
    summary: 'Shrinks the image about its centre, within a black frame.',
    paper:
      'Mu, Gilmer, "MNIST-C: A robustness benchmark for computer vision", ICML 2019 workshop on uncertainty and robustness in deep learning, arXiv:1906.02337',
    version: '1.0.0',
    apiVersion: 1,
    stochastic: false,
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      divisor: {
        type: 'number',
        minimum: 1,
        maximum: 100,
        default: 1.4285714285714286,
        description: 'What height and width are divided by',
      },
    },
  },
  severities: {
    mnist: [
      { divisor: 1.1111111111111112 },
      { divisor: 1.25 },
      { divisor: 1.4285714285714286 },
      { divisor: 1.6666666666666667 },
      { divisor: 2 },
    ],
  },
  sample: () => null,
  apply: (image, _drawn, { divisor }, setting) => {
    const shrunk = { xx: divisor, xy: 0, yx: 0, yy: divisor };
    return quantize(resampleAffine(pixelValues(image), image.shape, shrunk), setting);
  },
});
