/**
 * Every value rounded, halves to even, to the nearest of 2^bits evenly spaced ones.
 *
 * Mu, Gilmer, "MNIST-C: A robustness benchmark for computer vision", ICML 2019 workshop on uncertainty and robustness
 * in deep learning, arXiv:1906.02337.
 *
 * Checked against google-research/mnist-c bba57e4: equal to the level. Deviations: none.
 */
import { defineCorruption, pixelValues, quantize, roundHalfEven } from '#plugin';

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'quantize',
    title: 'Quantise',
    summary: 'Leaves only a few levels of grey, as a coarse converter does.',
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
      bits: {
        type: 'integer',
        minimum: 1,
        maximum: 8,
        default: 3,
        description: 'Bits that are left of a value',
      },
    },
  },
  severities: { mnist: [{ bits: 5 }, { bits: 4 }, { bits: 3 }, { bits: 2 }, { bits: 1 }] },
  sample: () => null,
  apply: (image, _drawn, { bits }, setting) => {
    const steps = 2 ** bits - 1;
    return quantize(
      pixelValues(image).map((value) => roundHalfEven(value * steps) / steps),
      setting,
    );
  },
});
