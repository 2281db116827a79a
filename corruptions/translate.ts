/**
 * The image moved by the same number of pixels along both axes, in either direction of each with equal chances; black
 * comes in from outside.
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
    id: 'translate',
    title: 'Translate',
    summary: 'Moves the image diagonally by a few pixels.',
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
      pixels: {
        type: 'number',
        minimum: 0,
        maximum: 1000,
        default: 3,
        description: 'How far it moves along each axis',
      },
    },
  },
  severities: { mnist: [{ pixels: 1 }, { pixels: 2 }, { pixels: 3 }, { pixels: 4 }, { pixels: 5 }] },
  /** Which way along each axis: 1 takes pixels from the right and from below, so what is seen moves left and up. */
  sample: (random) => ({
    horizontal: random.integer(2) === 0 ? -1 : 1,
    vertical: random.integer(2) === 0 ? -1 : 1,
  }),
  apply: (image, { horizontal, vertical }, { pixels }, setting) => {
    const moved = { xx: 1, xy: 0, yx: 0, yy: 1, shiftX: horizontal * pixels, shiftY: vertical * pixels };
    return quantize(resampleAffine(pixelValues(image), image.shape, moved), setting);
  },
});
