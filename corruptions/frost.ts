/**
 * Frost: a piece of a photograph of frost, added to the image.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261; for MNIST, Mu, Gilmer, "MNIST-C: a robustness benchmark for computer vision", arXiv:1906.02337.
 *
 * The photographs are the user's to bring: the published scripts come with six, frost1.png to frost6.jpg, and only with those,
 * in the order of their names, is this the published corruption. `frost_procedural` needs none and is another one.
 *
 * Checked against hendrycks/robustness 8190fe3 (make_cifar_c.py with OpenCV 4.6): with its photographs and its random
 * numbers, the mean change over 200 seeds is equal in every digit given. Deviations: on grey images the photographs' luma
 * is taken; what OpenCV 4.6 reads from the files for MNIST-C differs by 4 levels at most, but heeds the gamma of frost1.png,
 * which it sees 6 levels brighter on average (19 at most).
 *
 * Quirks. The scripts choose among the first five photographs and never take the lowest or the rightmost place for a
 * piece; `fixed` chooses among all of both.
 */
import {
  defineCorruption,
  GauntletError,
  grayOf,
  levelsOf,
  pixelValues,
  quantize,
  requireGreyOrColour,
  resizedLength,
  resizeLinear,
} from '#plugin';
import type { CorruptionSetting, Image } from '#plugin';

/** How many photographs the published scripts choose from. */
const PUBLISHED_CHOICE = 5;

interface Drawn {
  /** Index of the photograph, and where its piece begins once it is resized, in pixels. */
  readonly texture: number;
  readonly top: number;
  readonly left: number;
}

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'frost',
    title: 'Frost',
    summary: 'Lays a piece of a photograph of frost over the image.',
    paper:
      'Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019, arXiv:1903.12261',
    version: '1.0.0',
    apiVersion: 1,
    stochastic: true,
    needs: 'frost-textures',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      image: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0.9,
        description: 'Weight of the image',
      },
      frost: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0.4,
        description: 'Weight of the photograph',
      },
      scale: {
        type: 'number',
        minimum: 0.01,
        maximum: 4,
        default: 1,
        description: 'Factor by which the photographs are resized first',
      },
    },
  },
  severities: {
    cifar: [
      { image: 1, frost: 0.2, scale: 0.2 },
      { image: 1, frost: 0.3, scale: 0.2 },
      { image: 0.9, frost: 0.4, scale: 0.2 },
      { image: 0.85, frost: 0.4, scale: 0.2 },
      { image: 0.75, frost: 0.45, scale: 0.2 },
    ],
    'tiny-imagenet': [
      { image: 1, frost: 0.3, scale: 0.3 },
      { image: 0.9, frost: 0.4, scale: 0.3 },
      { image: 0.8, frost: 0.45, scale: 0.3 },
      { image: 0.75, frost: 0.5, scale: 0.3 },
      { image: 0.7, frost: 0.55, scale: 0.3 },
    ],
    imagenet: [
      { image: 1, frost: 0.4, scale: 1 },
      { image: 0.8, frost: 0.6, scale: 1 },
      { image: 0.7, frost: 0.7, scale: 1 },
      { image: 0.65, frost: 0.7, scale: 1 },
      { image: 0.6, frost: 0.75, scale: 1 },
    ],
    mnist: [
      { image: 1, frost: 0.4, scale: 1 },
      { image: 0.8, frost: 0.6, scale: 1 },
      { image: 0.7, frost: 0.7, scale: 1 },
      { image: 0.65, frost: 0.7, scale: 1 },
      { image: 0.6, frost: 0.75, scale: 1 },
    ],
  },
  sample: (random, { scale }, [, height, width], setting): Drawn => {
    const published = setting.quirks === 'reference';
    const places = placesOf(texturesOf(setting), scale, height, width);
    const texture = random.integer(published ? Math.min(PUBLISHED_CHOICE, places.length) : places.length);
    const { down, right } = places[texture]!;
    return {
      texture,
      top: random.integer(published ? down : down + 1),
      left: random.integer(published ? right : right + 1),
    };
  },
  apply: (image, { texture, top, left }: Drawn, severity, setting) => {
    requireGreyOrColour('frost', image.shape);
    const [channels, height, width] = image.shape;
    const photograph = texturesOf(setting)[texture]!;
    const frost = resizedTexture(photograph, severity.scale, channels);
    const values = pixelValues(image);
    const frostHeight = resizedLength(photograph.shape[1], severity.scale);
    const frostWidth = resizedLength(photograph.shape[2], severity.scale);
    for (let channel = 0, i = 0; channel < channels; channel++) {
      for (let y = 0; y < height; y++) {
        const row = (channel * frostHeight + top + y) * frostWidth + left;
        for (let x = 0; x < width; x++, i++) {
          values[i] = (severity.image * (values[i]! * 255) + severity.frost * frost[row + x]!) / 255;
        }
      }
    }
    return quantize(values, setting);
  },
});

function texturesOf({ textures }: CorruptionSetting): readonly Image[] {
  if (textures === undefined || textures.length === 0)
    throw new GauntletError(
      'FROST_TEXTURES',
      'frost needs photographs of frost and got none: give --frost-textures DIR with the folder they are in',
    );
  return textures;
}

/** How many pixels further down and right than the top left corner a piece of each photograph may begin. */
function placesOf(
  textures: readonly Image[],
  scale: number,
  height: number,
  width: number,
): { readonly down: number; readonly right: number }[] {
  return textures.map(({ shape: [, textureHeight, textureWidth] }, index) => {
    const down = resizedLength(textureHeight, scale) - height;
    const right = resizedLength(textureWidth, scale) - width;
    if (down < 1 || right < 1)
      throw new GauntletError(
        'FROST_TEXTURES',
        `photograph ${index + 1} of frost has ${textureWidth} x ${textureHeight} pixels, which at ${scale} of its size is not more than the ${width} x ${height} of the images`,
      );
    return { down, right };
  });
}

/** Levels of each photograph by scale and number of channels: a run needs one of each. */
const resized = new WeakMap<Image, Map<string, Uint8Array>>();

/** Levels of a photograph in 3 channels or, for grey images, 1, resized; computed once. */
function resizedTexture(photograph: Image, scale: number, channels: number): Uint8Array {
  const known = resized.get(photograph) ?? new Map<string, Uint8Array>();
  resized.set(photograph, known);
  const name = `${scale} ${channels}`;
  let levels = known.get(name);
  if (levels === undefined) {
    const [, height, width] = photograph.shape;
    const shape = [channels, height, width] as const;
    levels = resizeLinear(channels === 1 ? grayLevels(photograph) : levelsOf(photograph), shape, scale);
    known.set(name, levels);
  }
  return levels;
}

function grayLevels(photograph: Image): Uint8Array {
  const gray = grayOf(pixelValues(photograph), photograph.shape);
  return Uint8Array.from(gray, (value) => Math.round(value * 255));
}
