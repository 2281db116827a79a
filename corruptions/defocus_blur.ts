/**
 * Every channel correlated with a disk of soft rim, edges mirrored.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261; for MNIST Mu, Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019, arXiv:1906.02337.
 *
 * Checked against hendrycks/robustness 8190fe3 (make_cifar_c.py with OpenCV 4.6) and google-research/mnist-c bba57e4: equal to
 * the level. Deviations: none. The weights of some disks sum to more than 1, so that ImageNet-C's severities 4 and 5 brighten an
 * image by about one percent; `fixed` quirks normalise them.
 */
import {
  correlate,
  defineCorruption,
  edgeSources,
  memoize,
  pixelValues,
  quantize,
  type Quirks,
  type Tap,
} from '#plugin';

/** Severities of ImageNet-C; MNIST-C has the same. */
const IMAGENET = [
  { radius: 3, rim: 0.1 },
  { radius: 4, rim: 0.5 },
  { radius: 6, rim: 0.5 },
  { radius: 8, rim: 0.5 },
  { radius: 10, rim: 0.5 },
];

/** Half the side of the kernel of a disk that is not larger. */
const HALF_SIDE = 8;

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'defocus_blur',
    title: 'Defocus blur',
    summary: 'Spreads every pixel over a disk, as a lens out of focus does.',
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
      radius: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 100,
        default: 0.5,
        description: 'Radius of the disk in pixels; below 1 only its soft rim is left',
      },
      rim: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 10,
        default: 0.6,
        description: 'Standard deviation in pixels of the Gaussian that softens the disk',
      },
    },
  },
  severities: {
    cifar: [
      { radius: 0.3, rim: 0.4 },
      { radius: 0.4, rim: 0.5 },
      { radius: 0.5, rim: 0.6 },
      { radius: 1, rim: 0.2 },
      { radius: 1.5, rim: 0.1 },
    ],
    'tiny-imagenet': [
      { radius: 0.5, rim: 0.6 },
      { radius: 1, rim: 0.1 },
      { radius: 1.5, rim: 0.1 },
      { radius: 2.5, rim: 0.01 },
      { radius: 3, rim: 0.1 },
    ],
    imagenet: IMAGENET,
    mnist: IMAGENET,
  },
  sample: () => null,
  apply: (image, _drawn, { radius, rim }, setting) =>
    quantize(
      correlate(pixelValues(image), image.shape, softDisk(radius, rim, setting.quirks), 'mirror'),
      setting,
    ),
});

/**
 * The taps of a disk blurred by a Gaussian of 3 x 3 places (5 x 5 for disks that outgrow the usual kernel), in single precision
 * as in OpenCV, and not normalised after the blur unless quirks are fixed.
 */
const softDisk = memoize((radius: number, rim: number, quirks: Quirks): readonly Tap[] => {
  const large = radius > HALF_SIDE;
  const half = large ? Math.floor(radius) : HALF_SIDE;
  const side = 2 * half + 1;
  const inside = Float32Array.from({ length: side * side }, (_, i) =>
    (Math.floor(i / side) - half) ** 2 + ((i % side) - half) ** 2 <= radius ** 2 ? 1 : 0,
  );
  const area = inside.reduce((sum, value) => sum + value, 0);
  const disk = inside.map((value) => value / area);
  const weights = gaussianWeights(large ? 2 : 1, rim);
  const soft = blurLines(blurLines(disk, side, 1, weights), side, side, weights);
  const total = quirks === 'fixed' ? soft.reduce((sum, weight) => sum + weight, 0) : 1;
  return Array.from(soft, (weight, i) => ({
    down: Math.floor(i / side) - half,
    right: (i % side) - half,
    weight: weight / total,
  })).filter(({ weight }) => weight !== 0);
});

/** Weights at the center and at 1, ..., `radius` pixels from it. */
function gaussianWeights(radius: number, sigma: number): Float32Array {
  const weights = Array.from({ length: radius + 1 }, (_, i) => Math.exp(-(i * i) / (2 * sigma * sigma)));
  const sum = weights.reduce((total, weight, i) => total + (i === 0 ? weight : 2 * weight), 0);
  return Float32Array.from(weights, (weight) => weight / sum);
}

/** A square array blurred along the axis of that stride, mirrored at its edges. */
function blurLines(square: Float32Array, side: number, stride: number, weights: Float32Array): Float32Array {
  const reach = weights.length - 1;
  const sources = edgeSources(side, reach, 'mirror');
  return square.map((value, i) => {
    const place = stride === 1 ? i % side : Math.floor(i / side);
    const start = i - place * stride;
    const at = (offset: number): number => square[start + sources[place + reach + offset]! * stride]!;
    let sum = Math.fround(value * weights[0]!);
    for (let k = 1; k <= reach; k++) {
      sum = Math.fround(sum + Math.fround(Math.fround(at(-k) + at(k)) * weights[k]!));
    }
    return sum;
  });
}
