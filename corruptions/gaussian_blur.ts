/**
 * Gaussian blur of every channel, edges replicated.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261. Severities are those of CIFAR-10-C, made for 32 x 32 images, and are used for every size of about
 * that, 28 x 28 included. MNIST-C's blur of the same name is another one (vertical only).
 *
 * Checked against hendrycks/robustness 8190fe3 (make_cifar_c.py with scikit-image 0.19.3): equal to the level. Deviations:
 * none.
 */
import { defineCorruption, pixelValues, quantize, type Image } from '#plugin';

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'gaussian_blur',
    title: 'Gaussian blur',
    summary: 'Blurs with a Gaussian kernel, as a low-pass filter does.',
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
      sigma: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 100,
        default: 0.7,
        description: 'Standard deviation of the kernel in pixels; it is cut at four of them',
      },
    },
  },
  severities: [{ sigma: 0.4 }, { sigma: 0.6 }, { sigma: 0.7 }, { sigma: 0.8 }, { sigma: 1 }],
  sample: () => null,
  apply: (image, _drawn, { sigma }, setting) =>
    quantize(gaussianBlur(pixelValues(image), image.shape, sigma), setting),
});

/** Values (channels first) blurred along columns, then along rows. */
export function gaussianBlur(values: Float64Array, shape: Image['shape'], sigma: number): Float64Array {
  const [, height, width] = shape;
  const half = halfKernel(sigma);
  const out = values.slice();
  const line = new Float64Array(Math.max(height, width));
  for (let start = 0; start < out.length; start += height * width) {
    const channel = out.subarray(start, start + height * width);
    for (let x = 0; x < width; x++) blurLine(channel, x, width, line.subarray(0, height), half);
    for (let y = 0; y < height; y++) blurLine(channel, y * width, 1, line.subarray(0, width), half);
  }
  return out;
}

/**
 * Weights of the kernel's center and of the places to one side of it; the whole kernel sums to 1. Summed from end to end,
 * as the reference does: on a flat area one bit of the sum decides between two levels.
 */
function halfKernel(sigma: number): Float64Array {
  const radius = Math.floor(4 * sigma + 0.5);
  const exponent = -0.5 / (sigma * sigma);
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(exponent * (i - radius) ** 2),
  );
  const sum = kernel.reduce((total, weight) => total + weight);
  return kernel.subarray(radius).map((weight) => weight / sum);
}

/** Blurs, in place, the values at offset, offset + stride, ...: as many as `line`, which is room to work in, has. */
function blurLine(
  values: Float64Array,
  offset: number,
  stride: number,
  line: Float64Array,
  half: Float64Array,
): void {
  const last = line.length - 1;
  for (let i = 0; i <= last; i++) line[i] = values[offset + i * stride]!;
  for (let i = 0; i <= last; i++) {
    let sum = line[i]! * half[0]!;
    for (let k = half.length - 1; k > 0; k--) {
      sum += (line[Math.max(i - k, 0)]! + line[Math.min(i + k, last)]!) * half[k]!;
    }
    values[offset + i * stride] = sum;
  }
}
