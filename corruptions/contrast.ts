/**
 * Every channel moved toward its mean.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261. Severities are those of CIFAR-10-C, made for 32 x 32 images, and are used for every size of about
 * that, 28 x 28 included.
 *
 * Checked against hendrycks/robustness 8190fe3 (make_cifar_c.py): equal to the level. Deviations: none.
 */
import { defineCorruption, pixelValues, quantize, type Image } from '#plugin';

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'contrast',
    title: 'Contrast',
    summary: 'Lowers the contrast, as in poor light or through haze.',
    paper:
      'Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019, arXiv:1903.12261',
    version: '1.0.0',
    apiVersion: 1,
    stochastic: false,
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      factor: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0.4,
        description: 'Share of the distance from the mean that is kept',
      },
    },
  },
  severities: [{ factor: 0.75 }, { factor: 0.5 }, { factor: 0.4 }, { factor: 0.3 }, { factor: 0.15 }],
  sample: () => null,
  apply: (image, _drawn, { factor }, setting) =>
    quantize(lowerContrast(pixelValues(image), image.shape, factor), setting),
});

/** Values (channels first) moved toward the mean of their channel. */
export function lowerContrast(values: Float64Array, shape: Image['shape'], factor: number): Float64Array {
  const area = shape[1] * shape[2];
  const out = new Float64Array(values.length);
  for (let start = 0; start < values.length; start += area) {
    const channel = values.subarray(start, start + area);
    const mean = channel.reduce((sum, value) => sum + value, 0) / area;
    channel.forEach((value, i) => (out[start + i] = (value - mean) * factor + mean));
  }
  return out;
}
