/**
 * Spatter: drops of water that shine, or of mud that cover.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261; for MNIST, Mu, Gilmer, "MNIST-C: a robustness benchmark for computer vision", arXiv:1906.02337.
 *
 * Checked against hendrycks/robustness 8190fe3 (make_cifar_c.py with OpenCV 4.6, water and mud) and google-research/mnist-c
 * bba57e4 (mud at every severity), fed with their draws: equal to the level. Deviations: where no noise makes a drop of
 * water the scripts divide by zero, and here the image stays as it is; water on grey images, which no script has,
 * takes the first of its colour's levels, as MNIST-C does for mud. No quirks: `fixed` differs in its rounding alone.
 */
import {
  correlate,
  defineCorruption,
  distanceTransform,
  equalizeHistogram,
  gaussianBlur,
  opencvCanny,
  pixelValues,
  quantize,
  requireGreyOrColour,
} from '#plugin';
import type { Image, Tap } from '#plugin';

// Global lookups once per value show where tests run them.
const { floor, fround, max, min, round } = Math;

type Liquid = 'water' | 'mud';

interface Drops {
  readonly mean: number;
  readonly deviation: number;
  readonly sigma: number;
  readonly threshold: number;
  readonly amount: number;
  readonly liquid: Liquid;
}

/** Levels of red, green and blue: pale turquoise and brown. */
const COLOURS: Readonly<Record<Liquid, readonly number[]>> = { water: [175, 238, 238], mud: [63, 42, 20] };

/** Limits of Canny's gradients, in levels. */
const LOW = 50;
const HIGH = 150;
/** Further than this many pixels from its edge a drop is as deep as it gets. */
const DEEP = 20;
/** The nine pixels around a place, row by row, by weight. */
const taps = (...weights: number[]): readonly Tap[] =>
  weights.map((weight, i) => ({ down: floor(i / 3) - 1, right: (i % 3) - 1, weight }));
const BOX = taps(1, 1, 1, 1, 1, 1, 1, 1, 1);
const EMBOSS = taps(-2, -1, 0, -1, 1, 1, 0, 1, 2);
/** Mud that covers less is none. */
const LEAST_MUD = fround(0.8);

/** The published six numbers of a severity, in their order. */
const drops = (
  liquid: Liquid,
  mean: number,
  deviation: number,
  sigma: number,
  threshold: number,
  amount: number,
): Drops => ({ mean, deviation, sigma, threshold, amount, liquid });

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'spatter',
    title: 'Spatter',
    summary: 'Spatters the image with drops of water or, at high severities, of mud.',
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
        default: 0.65,
        description: 'Mean of the noise that drops are cut out of',
      },
      deviation: {
        type: 'number',
        minimum: 0,
        maximum: 10,
        default: 0.3,
        description: 'Standard deviation of that noise',
      },
      sigma: {
        type: 'number',
        minimum: 0,
        maximum: 100,
        default: 1,
        description: 'Standard deviation of the blur that joins it to drops, in pixels',
      },
      threshold: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0.69,
        description: 'Blurred noise below this is no drop',
      },
      amount: {
        type: 'number',
        minimum: 0,
        maximum: 100,
        default: 0.5,
        description:
          'Of water: how strongly the brightest place shines; of mud: standard deviation of the blur that rounds it, in pixels',
      },
      liquid: { type: 'string', enum: ['water', 'mud'], default: 'water', description: 'Which liquid' },
    },
  },
  severities: {
    cifar: [
      drops('water', 0.62, 0.1, 0.7, 0.7, 0.5),
      drops('water', 0.65, 0.1, 0.8, 0.7, 0.5),
      drops('water', 0.65, 0.3, 1, 0.69, 0.5),
      drops('mud', 0.65, 0.1, 0.7, 0.69, 0.6),
      drops('mud', 0.65, 0.1, 0.5, 0.68, 0.6),
    ],
    'tiny-imagenet': [
      drops('water', 0.62, 0.1, 0.7, 0.7, 0.6),
      drops('water', 0.65, 0.1, 0.8, 0.7, 0.6),
      drops('water', 0.65, 0.3, 1, 0.69, 0.6),
      drops('mud', 0.65, 0.1, 0.7, 0.68, 0.6),
      drops('mud', 0.65, 0.1, 0.5, 0.67, 0.6),
    ],
    imagenet: [
      drops('water', 0.65, 0.3, 4, 0.69, 0.6),
      drops('water', 0.65, 0.3, 3, 0.68, 0.6),
      drops('water', 0.65, 0.3, 2, 0.68, 0.5),
      drops('mud', 0.65, 0.3, 1, 0.65, 1.5),
      drops('mud', 0.67, 0.4, 1, 0.65, 1.5),
    ],
    mnist: [
      drops('mud', 0.65, 0.3, 4, 0.69, 0.6),
      drops('mud', 0.65, 0.3, 3, 0.68, 0.6),
      drops('mud', 0.65, 0.3, 2, 0.68, 0.5),
      drops('mud', 0.65, 0.3, 1, 0.65, 1.5),
      drops('mud', 0.67, 0.4, 1, 0.65, 1.5),
    ],
  },
  /** The noise that drops are cut out of, one value per pixel. */
  sample: (random, { mean, deviation }, [, height, width]) =>
    random.fillNormal(new Float64Array(height * width)).map((value) => mean + deviation * value),
  apply: (image, noise, severity, setting) => {
    requireGreyOrColour('spatter', image.shape);
    const [channels, height, width] = image.shape;
    const plane = [1, height, width] as const;
    const layer = gaussianBlur(noise, plane, severity.sigma);
    for (let i = 0; i < layer.length; i++) if (layer[i]! < severity.threshold) layer[i] = 0;
    const cover = COVERS[severity.liquid](layer, plane, severity);
    const values = Float32Array.from(pixelValues(image));
    for (let channel = 0; channel < channels; channel++) {
      const colour = fround(COLOURS[severity.liquid][channel]! / 255);
      PAINTS[severity.liquid](values.subarray(channel * cover.length), cover, colour);
    }
    return quantize(values, setting);
  },
});

/** How much of the liquid there is at each pixel, in float32, from blurred noise that is 0 where there is none. */
const COVERS: Readonly<
  Record<Liquid, (layer: Float64Array, plane: Image['shape'], severity: Drops) => Float32Array>
> = { water: waterCover, mud: mudCover };

/** Drops brightest where they are deep and where their relief faces the light: `amount` at most. */
function waterCover(layer: Float64Array, plane: Image['shape'], { amount }: Drops): Float32Array {
  const [, height, width] = plane;
  const levels = new Uint8Array(layer.length);
  for (let i = 0; i < levels.length; i++) levels[i] = layer[i]! * 255;
  const depth = distanceTransform(opencvCanny(levels, height, width, LOW, HIGH), height, width);
  for (let i = 0; i < depth.length; i++) depth[i] = min(depth[i]!, DEEP);

  const terraces = new Uint8Array(layer.length);
  terraces.set(correlate(depth, plane, BOX, 'mirror').map(ninth));
  const relief = new Uint8ClampedArray(layer.length);
  relief.set(correlate(equalizeHistogram(terraces), plane, EMBOSS, 'mirror'));
  const shine = correlate(new Uint8Array(relief.buffer), plane, BOX, 'mirror');

  const cover = new Float32Array(layer.length);
  let most = 0;
  for (let i = 0; i < cover.length; i++) {
    cover[i] = round(shine[i]! / 9) * levels[i]!;
    most = max(most, cover[i]!);
  }
  const scale = fround(amount);
  for (let i = 0; i < cover.length; i++) if (most > 0) cover[i] = fround(cover[i]! / most) * scale;
  return cover;
}

const ninth = (sum: number): number => fround(sum / 9);

/** Drops with their edges rounded off by a blur of deviation `amount`, and cut where they would let the image through. */
function mudCover(layer: Float64Array, plane: Image['shape'], { amount, threshold }: Drops): Float32Array {
  const solid = layer.map((value) => (value > threshold ? 1 : 0));
  const cover = Float32Array.from(gaussianBlur(solid, plane, amount));
  return cover.map((value) => (value < LEAST_MUD ? 0 : value));
}

/** What the liquid makes of a channel (the first values of the array), in place and in float32, as in the scripts. */
const PAINTS: Readonly<Record<Liquid, (channel: Float32Array, cover: Float32Array, colour: number) => void>> =
  {
    water: (channel, cover, colour) => {
      for (let i = 0; i < cover.length; i++) channel[i]! += fround(cover[i]! * colour);
    },
    mud: (channel, cover, colour) => {
      for (let i = 0; i < cover.length; i++) {
        channel[i] = fround(channel[i]! * fround(1 - cover[i]!)) + fround(cover[i]! * colour);
      }
    },
  };
