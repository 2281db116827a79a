/**
 * The edges of the image, white on black, found with Canny's method in each channel by itself.
 *
 * Mu, Gilmer, "MNIST-C: A robustness benchmark for computer vision", ICML 2019 workshop on uncertainty and robustness in
 * deep learning, arXiv:1906.02337.
 *
 * Checked against google-research/mnist-c bba57e4 with scikit-image 0.19.3: equal to the level. Deviations: none.
 */
import { cannyEdges, defineCorruption, pixelValues, quantize } from '#plugin';

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'canny_edges',
    title: 'Canny edges',
    summary: 'Replaces the image by its edges, white on black.',
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
      sigma: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 100,
        default: 1,
        description: 'Standard deviation of the smoothing before, in pixels',
      },
      low: {
        type: 'number',
        minimum: 0,
        default: 0.1,
        description: 'Least Sobel gradient of an edge pixel, of values in [0, 1]',
      },
      high: {
        type: 'number',
        minimum: 0,
        default: 0.2,
        description: 'Least Sobel gradient of the strongest pixel of an edge',
      },
    },
  },
  severities: { mnist: [{ sigma: 1, low: 0.1, high: 0.2 }] },
  sample: () => null,
  apply: (image, _drawn, settings, setting) => {
    const [, height, width] = image.shape;
    const values = pixelValues(image);
    const area = height * width;
    for (let start = 0; start < values.length; start += area) {
      values.set(cannyEdges(values.subarray(start, start + area), height, width, settings), start);
    }
    return quantize(values, setting);
  },
});
