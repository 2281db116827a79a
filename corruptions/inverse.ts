/**
 * The negative of the image: every level becomes 255 minus itself.
 *
 * Mu, Gilmer, "MNIST-C: A robustness benchmark for computer vision", ICML 2019 workshop on uncertainty and robustness
 * in deep learning, arXiv:1906.02337.
 *
 * Checked against google-research/mnist-c bba57e4: equal to the level. Deviations: none.
 */
import { defineCorruption, pixelValues, quantize } from '#plugin';

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'inverse',
    title: 'Inverse',
    summary: 'Turns light into dark and dark into light.',
    paper:
      'Mu, Gilmer, "MNIST-C: A robustness benchmark for computer vision", ICML 2019 workshop on uncertainty and robustness in deep learning, arXiv:1906.02337',
    version: '1.0.0',
    apiVersion: 1,
    stochastic: false,
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {},
  },
  severities: { mnist: [{}] },
  sample: () => null,
  apply: (image, _drawn, _parameters, setting) =>
    quantize(
      pixelValues(image).map((value) => 1 - value),
      setting,
    ),
});
