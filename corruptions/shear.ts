/**
 * The image sheared about its centre, to the left or to the right with equal chances, sampled bilinearly; black comes
 * in from outside. A row at y takes its pixels from x - sin(angle) y in the row cos(angle) y: the definition of
 * scikit-image up to 0.19, with which MNIST-C was made. Besides slanting, it stretches the image down.
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
    id: 'shear',
    title: 'Shear',
    summary: 'Slants the image to one side or the other, as handwriting leans.',
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
        maximum: 1.5,
        default: 0.4,
        description: 'Angle of the slant, in radians',
      },
    },
  },
  severities: { mnist: [{ angle: 0.2 }, { angle: 0.4 }, { angle: 0.6 }, { angle: 0.8 }, { angle: 1 }] },
  /** Which way: 1 or -1. */
  sample: (random) => (random.integer(2) === 0 ? -1 : 1),
  apply: (image, sign, { angle }, setting) => {
    const slanted = { xx: 1, xy: -Math.sin(sign * angle), yx: 0, yy: Math.cos(sign * angle) };
    return quantize(resampleAffine(pixelValues(image), image.shape, slanted), setting);
  },
});
