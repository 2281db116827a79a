/**
 * Frost without photographs: a drawn pane of ice crystals, added to the image with the weights of `frost`.
 *
 * Gauntlet's own. It stands where the photographs of `frost` are not at hand, and its results are NOT comparable with those of `frost`
 * or of any published set: weights, colours and, for CIFAR, mean and spread of the change are like those of frost, but
 * the texture is not, and what a network makes of one says little about the other. It has another name so that no table
 * mixes them. The weights are those of Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions
 * and perturbations", ICLR 2019, arXiv:1903.12261.
 */
import { defineCorruption, drawIce, iceShades, pixelValues, quantize, requireGreyOrColour } from '#plugin';

/** Levels of bare glass and of thick frost: red, green, blue; a grey image takes their luma. */
const GLASS: readonly number[] = [60, 105, 125];
const RIME: readonly number[] = [225, 232, 240];
const LUMA: readonly number[] = [0.299, 0.587, 0.114];

const IMAGENET = [
  { image: 1, frost: 0.4 },
  { image: 0.8, frost: 0.6 },
  { image: 0.7, frost: 0.7 },
  { image: 0.65, frost: 0.7 },
  { image: 0.6, frost: 0.75 },
];

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'frost_procedural',
    title: 'Frost, drawn',
    summary: 'Lays drawn ice crystals over the image: in place of frost, not comparable with it.',
    paper:
      'weights of Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019, arXiv:1903.12261; the texture is not published',
    version: '1.0.0',
    apiVersion: 1,
    stochastic: true,
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
        description: 'Weight of the ice',
      },
    },
  },
  severities: {
    cifar: [
      { image: 1, frost: 0.2 },
      { image: 1, frost: 0.3 },
      { image: 0.9, frost: 0.4 },
      { image: 0.85, frost: 0.4 },
      { image: 0.75, frost: 0.45 },
    ],
    'tiny-imagenet': [
      { image: 1, frost: 0.3 },
      { image: 0.9, frost: 0.4 },
      { image: 0.8, frost: 0.45 },
      { image: 0.75, frost: 0.5 },
      { image: 0.7, frost: 0.55 },
    ],
    imagenet: IMAGENET,
    mnist: IMAGENET,
  },
  sample: (random, _parameters, shape) => drawIce(random, shape),
  apply: (image, ice, weights, setting) => {
    requireGreyOrColour('frost_procedural', image.shape);
    const values = pixelValues(image);
    const shades = iceShades(ice, image.shape);
    const glass = coloursOf(GLASS, image.shape[0]);
    const rime = coloursOf(RIME, image.shape[0]);
    for (let channel = 0, i = 0; channel < image.shape[0]; channel++) {
      const darkest = glass[channel]! / 255;
      const range = rime[channel]! / 255 - darkest;
      for (let pixel = 0; pixel < shades.length; pixel++, i++) {
        values[i] = weights.image * values[i]! + weights.frost * (darkest + range * shades[pixel]!);
      }
    }
    return quantize(values, setting);
  },
});

function coloursOf(rgb: readonly number[], channels: number): readonly number[] {
  return channels === 1 ? [rgb.reduce((sum, level, i) => sum + LUMA[i]! * level, 0)] : rgb;
}
