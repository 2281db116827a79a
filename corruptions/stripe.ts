/**
 * The negative of the image in the quarter of its columns at either side: 0 to 6 and 21 to 27 of 28. Where a quarter
 * is no whole number of columns it is rounded down.
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
    id: 'stripe',
    title: 'Stripe',
    summary: 'Inverts the left and the right quarter of the image, which leaves a stripe down its middle.',
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
  apply: (image, _drawn, _parameters, setting) => {
    const values = pixelValues(image);
    const width = image.shape[2];
    const quarter = Math.floor(width / 4);
    for (let i = 0; i < values.length; i++) {
      const column = i % width;
      if (column < quarter || column >= width - quarter) values[i] = 1 - values[i]!;
    }
    return quantize(values, setting);
  },
});
