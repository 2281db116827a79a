/**
 * The image itself, held in 8 bits. MNIST-C has it beside its corruptions, so that a table shows the clean accuracy
 * measured in the same way.
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
    id: 'identity',
    title: 'Identity',
    summary: 'Leaves the image as it is, in 8 bits: what the other columns are compared with.',
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
  apply: (image, _drawn, _parameters, setting) => quantize(pixelValues(image), setting),
});
