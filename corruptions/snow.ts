/**
 * Snow: flakes cut out of noise, blown along a line, over an image that is whitened first.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261; for MNIST, Mu, Gilmer, "MNIST-C: a robustness benchmark for computer vision", arXiv:1906.02337.
 *
 * Checked against hendrycks/robustness 8190fe3 (make_cifar_c.py with OpenCV 4.6 and ImageMagick 6.9) and
 * google-research/mnist-c bba57e4, fed with their draws: equal to the level. Deviations: none on square images; others, which the
 * scripts refuse, have their flakes enlarged along both sides alike.
 *
 * Quirks. Flakes are cut to 8 bits before and after they are blurred; `fixed` rounds them.
 */
import {
  clamp,
  clippedZoom,
  defineCorruption,
  grayOf,
  motionBlur,
  pixelValues,
  quantize,
  requireGreyOrColour,
} from '#plugin';
import type { Image, Quirks } from '#plugin';

// Global lookups once per value show where tests run them.
const { fround, round, trunc } = Math;

/** Directions of the wind, degrees from right toward down: anywhere upward, and half of the flakes are turned around. */
const LEAST_ANGLE = -135;
const MOST_ANGLE = -45;

interface Drawn {
  /** The noise that flakes are cut out of: one value per pixel. */
  readonly layer: Float64Array;
  readonly angle: number;
}

interface Flakes {
  readonly mean: number;
  readonly deviation: number;
  readonly zoom: number;
  readonly threshold: number;
  readonly radius: number;
  readonly sigma: number;
  readonly keep: number;
}

/** The published seven numbers of a severity, in their order. */
const flakes = (
  mean: number,
  deviation: number,
  zoom: number,
  threshold: number,
  radius: number,
  sigma: number,
  keep: number,
): Flakes => ({ mean, deviation, zoom, threshold, radius, sigma, keep });

const IMAGENET = [
  flakes(0.1, 0.3, 3, 0.5, 10, 4, 0.8),
  flakes(0.2, 0.3, 2, 0.5, 12, 4, 0.7),
  flakes(0.55, 0.3, 4, 0.9, 12, 8, 0.7),
  flakes(0.55, 0.3, 4.5, 0.85, 12, 8, 0.65),
  flakes(0.55, 0.3, 2.5, 0.85, 12, 12, 0.55),
];

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'snow',
    title: 'Snow',
    summary: 'Whitens the image and lets flakes drive across it.',
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
      mean: {
        type: 'number',
        minimum: -10,
        maximum: 10,
        default: 0.15,
        description: 'Mean of the noise that flakes are cut out of',
      },
      deviation: {
        type: 'number',
        minimum: 0,
        maximum: 10,
        default: 0.3,
        description: 'Standard deviation of that noise',
      },
      zoom: {
        type: 'number',
        minimum: 1,
        maximum: 100,
        default: 1.75,
        description: 'How much the noise is enlarged, and flakes with it',
      },
      threshold: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0.55,
        description: 'Noise below this is no flake',
      },
      radius: {
        type: 'number',
        minimum: 0,
        maximum: 100,
        default: 10,
        description: 'Reach of the motion blur in pixels: its kernel has twice as many, and one',
      },
      sigma: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 100,
        default: 4,
        description: 'Standard deviation of the motion blur, in pixels',
      },
      keep: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0.9,
        description: 'Share of the image that is not whitened',
      },
    },
  },
  severities: {
    cifar: [
      flakes(0.1, 0.2, 1, 0.6, 8, 3, 0.95),
      flakes(0.1, 0.2, 1, 0.5, 10, 4, 0.9),
      flakes(0.15, 0.3, 1.75, 0.55, 10, 4, 0.9),
      flakes(0.25, 0.3, 2.25, 0.6, 12, 6, 0.85),
      flakes(0.3, 0.3, 1.25, 0.65, 14, 12, 0.8),
    ],
    'tiny-imagenet': [
      flakes(0.1, 0.2, 1, 0.6, 8, 3, 0.8),
      flakes(0.1, 0.2, 1, 0.5, 10, 4, 0.8),
      flakes(0.15, 0.3, 1.75, 0.55, 10, 4, 0.7),
      flakes(0.25, 0.3, 2.25, 0.6, 12, 6, 0.65),
      flakes(0.3, 0.3, 1.25, 0.65, 14, 12, 0.6),
    ],
    imagenet: IMAGENET,
    mnist: IMAGENET,
  },
  sample: (random, { mean, deviation }, [, height, width]): Drawn => ({
    layer: random.fillNormal(new Float64Array(height * width)).map((value) => mean + deviation * value),
    angle: LEAST_ANGLE + (MOST_ANGLE - LEAST_ANGLE) * random.uniform(),
  }),
  apply: (image, drawn: Drawn, severity, setting) => {
    requireGreyOrColour('snow', image.shape);
    const values = pixelValues(image);
    const fallen = drivenFlakes(drawn, image.shape, severity, setting.quirks);
    whiten(values, image.shape, severity.keep);
    const area = fallen.length;
    for (let start = 0; start < values.length; start += area) {
      for (let i = 0; i < area; i++) values[start + i]! += fallen[i]! / 255 + fallen[area - 1 - i]! / 255;
    }
    return quantize(values, setting);
  },
});

/** Levels of the flakes: enlarged noise above the threshold, brought to 8 bits and blurred along the wind. */
function drivenFlakes(
  { layer, angle }: Drawn,
  [, height, width]: Image['shape'],
  { zoom, threshold, radius, sigma }: Flakes,
  quirks: Quirks,
): Uint8Array {
  const shape = [1, height, width] as const;
  const fixed = quirks === 'fixed';
  const to8Bits = fixed ? round : trunc;
  const enlarged = clippedZoom(layer, shape, zoom, new Float64Array(layer.length));
  const levels = new Uint8Array(layer.length);
  for (let i = 0; i < levels.length; i++) {
    const value = enlarged[i]!;
    if (value >= threshold) levels[i] = to8Bits(clamp(value, 0, 1) * 255);
  }
  return motionBlur(levels, shape, { radius, sigma, angle, to8Bits: fixed ? 'nearest' : 'cut' });
}

/** Blends the image with its lightened luma where that is brighter, in place and, like the reference, in float32. */
function whiten(values: Float64Array, shape: Image['shape'], keep: number): void {
  for (let i = 0; i < values.length; i++) values[i] = fround(values[i]!);
  const gray = grayOf(values, shape);
  const kept = fround(keep);
  const blended = fround(1 - keep);
  const lightened = gray.map((value) => fround(fround(value * 1.5) + 0.5));
  for (let start = 0; start < values.length; start += lightened.length) {
    for (let i = 0; i < lightened.length; i++) {
      const value = values[start + i]!;
      const whiter = lightened[i]! > value ? lightened[i]! : value;
      values[start + i] = fround(fround(kept * value) + fround(blended * whiter));
    }
  }
}
