/**
 * A random affine map, then a smooth random displacement of every pixel.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261; for MNIST Mu, Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019, arXiv:1906.02337.
 *
 * Checked against hendrycks/robustness 8190fe3 (make_cifar_c.py with OpenCV 4.6 and SciPy 1.10) and google-research/mnist-c
 * bba57e4, fed with their recorded draws: equal to the level. Deviations: none. ImageNet-C's strengths, smoothings and jitters
 * were worked out for 244 pixels where its images have 224; both quirks keep them. Severities of Tiny ImageNet-C are those
 * of make_tinyimagenet_c.py.
 */
import {
  affineThrough,
  defineCorruption,
  displace,
  gaussianBlur,
  pixelValues,
  quantize,
  unsuitedImage,
  warpAffine,
  type Edge,
  type Profile,
} from '#plugin';

/** What each of the two maps finds beyond the edges. */
interface Edges {
  readonly affine: Edge;
  readonly displacement: 'reflect' | 'zero';
}
const USUAL_EDGES: Edges = { affine: 'mirror', displacement: 'reflect' };
const EDGES: Readonly<Partial<Record<Profile, Edges>>> = { mnist: { affine: 'zero', displacement: 'zero' } };
const SMOOTHING = { edge: 'reflect', truncate: 3 } as const;

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'elastic_transform',
    title: 'Elastic transform',
    summary: 'Shears the image at random and stretches it here and there.',
    paper:
      'Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019, arXiv:1903.12261',
    version: '1.0.0',
    apiVersion: 1,
    stochastic: true,
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      strength: {
        type: 'number',
        minimum: 0,
        maximum: 10000,
        default: 2.56,
        description: 'Factor of the smoothed displacements: pixels, before smoothing',
      },
      sigma: {
        type: 'number',
        minimum: 0,
        maximum: 1000,
        default: 1.92,
        description: 'Standard deviation in pixels of the Gaussian that smooths them',
      },
      jitter: {
        type: 'number',
        minimum: 0,
        maximum: 1000,
        default: 1.92,
        description: 'How far, in pixels, the three corners of the affine map move along an axis at most',
      },
    },
  },
  severities: {
    cifar: [
      { strength: 0, sigma: 0, jitter: 2.56 },
      { strength: 1.6, sigma: 6.4, jitter: 2.24 },
      { strength: 2.56, sigma: 1.92, jitter: 1.92 },
      { strength: 3.2, sigma: 1.28, jitter: 1.6 },
      { strength: 3.2, sigma: 0.96, jitter: 0.96 },
    ],
    'tiny-imagenet': [
      { strength: 0, sigma: 0, jitter: 5.12 },
      { strength: 3.2, sigma: 19.2, jitter: 3.84 },
      { strength: 6.4, sigma: 5.12, jitter: 3.84 },
      { strength: 6.4, sigma: 1.92, jitter: 1.92 },
      { strength: 10.24, sigma: 1.92, jitter: 1.28 },
    ],
    imagenet: [
      { strength: 488, sigma: 170.8, jitter: 24.4 },
      { strength: 488, sigma: 19.52, jitter: 48.8 },
      { strength: 12.2, sigma: 2.44, jitter: 4.88 },
      { strength: 17.08, sigma: 2.44, jitter: 4.88 },
      { strength: 29.28, sigma: 2.44, jitter: 4.88 },
    ],
    mnist: [
      { strength: 56, sigma: 19.6, jitter: 2.8 },
      { strength: 56, sigma: 2.24, jitter: 5.6 },
      { strength: 1.4, sigma: 0.28, jitter: 0.56 },
      { strength: 1.96, sigma: 0.28, jitter: 0.56 },
      { strength: 3.36, sigma: 0.28, jitter: 0.56 },
    ],
  },
  /** How the corners move (x, y, x, y, x, y) in pixels, and the displacements, right and down, before smoothing. */
  sample: (random, { jitter }, [, height, width]) => ({
    corners: random.fillUniform(new Float64Array(6), -jitter, jitter),
    right: random.fillUniform(new Float64Array(height * width), -1, 1),
    down: random.fillUniform(new Float64Array(height * width), -1, 1),
  }),
  apply: (image, { corners, right, down }, { strength, sigma }, setting) => {
    const [, height, width] = image.shape;
    const side = Math.floor(Math.min(height, width) / 3);
    if (side === 0) throw unsuitedImage('elastic_transform', 'of at least 3 x 3 pixels', image.shape);
    const [x, y] = [Math.floor(width / 2), Math.floor(height / 2)];
    const from = Float32Array.of(x + side, y + side, x + side, y - side, x - side, y - side);
    const to = from.map((place, i) => place + Math.fround(corners[i]!));
    const edges = EDGES[setting.profile] ?? USUAL_EDGES;
    const field = (shares: Float64Array): Float32Array =>
      Float32Array.from(
        gaussianBlur(shares, [1, height, width], sigma, SMOOTHING),
        (share) => share * strength,
      );
    const moved = warpAffine(
      Float32Array.from(pixelValues(image)),
      image.shape,
      affineThrough(from, to),
      edges.affine,
    );
    return quantize(displace(moved, image.shape, field(down), field(right), edges.displacement), setting);
  },
});
