/**
 * A straight white line, blurred to either side, from the first column to the last at any heights; of every four
 * columns it leaves out the first two.
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
    id: 'dotted_line',
    title: 'Dotted line',
    summary: 'Draws a dotted white line across the image.',
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
  /** Rows in which the line begins and ends. */
  sample: (random, _parameters, [, height]) => {
    const rows = Math.max(height - 1, 1);
    return { start: random.integer(rows), end: random.integer(rows) };
  },
  apply: (image, { start, end }, _parameters, setting) => {
    const width = image.shape[2];
    const dots = stroke(image.shape, { column: 0, row: start }, { column: width - 1, row: end });
    for (let i = 0; i < dots.length; i++) if ((i % width) % 4 < 2) dots[i] = 0;
    const values = pixelValues(image);
    addToChannels(values, dots);
    return quantize(values, setting);
  },
});
