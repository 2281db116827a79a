/**
 * The image turned by an angle about its centre, clockwise or counter-clockwise with equal chances, sampled
 * bilinearly; black comes in from outside.
 *
 * Mu, Gilmer, "MNIST-C: A robustness benchmark for computer vision", ICML 2019 workshop on uncertainty and robustness
 * in deep learning, arXiv:1906.02337.
 *
 * Checked against google-research/mnist-c bba57e4, fed with its recorded draws: equal to the level. Deviations: none.
 */
import { defineCorruption, pixelValues, quantize, resampleAffine } from '#plugin';

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'rotate',
    title: 'Rotate',
    summary: 'Turns the image about its centre, one way or the other.',
    paper:
      'Mu, Gilmer, "MNIST-C: A robustness benchmark for computer vision", ICML 2019 workshop on uncertainty and robustness in deep learning, arXiv:1906.02337',
    version: '1.0.0',
    apiVersion: 1,
    stochastic: true,
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      angle: {
        type: 'number',
        minimum: 0,
        maximum: 3.2,
        default: 0.4,
        description: 'How far it turns, in radians',
      },
    },
  },
  severities: { mnist: [{ angle: 0.2 }, { angle: 0.4 }, { angle: 0.6 }, { angle: 0.8 }, { angle: 1 }] },
  /** Which way: 1 or -1. */
  sample: (random) => (random.integer(2) === 0 ? -1 : 1),
  apply: (image, sign, { angle }, setting) => {
    const [cosine, sine] = [Math.cos(sign * angle), Math.sin(sign * angle)];
    const turned = { xx: cosine, xy: -sine, yx: sine, yy: cosine };
    return quantize(resampleAffine(pixelValues(image), image.shape, turned), setting);
  },
});
