/**
 * A straight white line, blurred to either side, from the left edge to the right one: it begins within the first 5 of
 * 28 columns, ends within 5 of the last, at any heights. For other widths the 5 columns are scaled; an image of fewer
 * than 3 columns stays as it is.
 *
 * Mu, Gilmer, "MNIST-C: A robustness benchmark for computer vision", ICML 2019 workshop on uncertainty and robustness
 * in deep learning, arXiv:1906.02337.
 *
 * Checked against google-research/mnist-c bba57e4, fed with its recorded draws: equal to the level. Deviations: none.
 */
import { addToChannels, defineCorruption, pixelValues, quantize, stroke } from '#plugin';

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'line',
    title: 'Line',
    summary: 'Draws a soft white line across the image.',
    paper:
      'Mu, Gilmer, "MNIST-C: A robustness benchmark for computer vision", ICML 2019 workshop on uncertainty and robustness in deep learning, arXiv:1906.02337',
    version: '1.0.0',
    apiVersion: 1,
    stochastic: true,
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {},
  },
  severities: { mnist: [{}] },
  /** The ends of the line. */
  sample: (random, _parameters, [, height, width]) => {
    const margin = Math.max(Math.round((5 * width) / 28), 1);
    const rows = Math.max(height - 1, 1);
    return {
      from: { column: random.integer(margin), row: random.integer(rows) },
      to: { column: width - 1 - margin + random.integer(margin), row: random.integer(rows) },
    };
  },
  apply: (image, { from, to }, _parameters, setting) => {
    const values = pixelValues(image);
    addToChannels(values, stroke(image.shape, from, to));
    return quantize(values, setting);
  },
});
