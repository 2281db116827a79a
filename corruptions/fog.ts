/**
 * Fog: a cloudy map over the image, the same for every channel, after which the image's brightest value is what it was.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261; for MNIST, Mu, Gilmer, "MNIST-C: a robustness benchmark for computer vision", arXiv:1906.02337.
 *
 * Checked against hendrycks/robustness 8190fe3 (make_cifar_c.py) and google-research/mnist-c bba57e4, fed with their
 * recorded draws: equal to the level. Deviations: an image larger than the scripts' map gets a map that covers it.
 *
 * Quirks. The scripts of MNIST-C and ImageNet-C draw a map of 256 x 256 and use the corner that the image covers: on 28 x 28
 * pixels that is a small piece of one cloud, often far from black and from white. `fixed` draws the smallest map that covers
 * the image, as for CIFAR-10-C. A black image stays black under either: the result is scaled to keep its brightest value.
 */
import { defineCorruption, pixelValues, plasma, plasmaNoise, quantize } from '#plugin';
import type { CorruptionSetting, Image, Profile } from '#plugin';

/** Side of the published scripts' map, of which the image covers the top left corner. */
const PUBLISHED_MAP: Readonly<Record<Profile, number>> = {
  cifar: 32,
  'tiny-imagenet': 64,
  imagenet: 256,
  mnist: 256,
};

const IMAGENET = [
  { strength: 1.5, decay: 2 },
  { strength: 2, decay: 2 },
  { strength: 2.5, decay: 1.7 },
  { strength: 2.5, decay: 1.5 },
  { strength: 3, decay: 1.4 },
];

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'fog',
    title: 'Fog',
    summary: 'Lays a cloudy veil of diamond-square noise over the image.',
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
        maximum: 10,
        default: 0.75,
        description: 'What the fog adds where it is thickest, for values in [0, 1]',
      },
      decay: {
        type: 'number',
        minimum: 1,
        maximum: 10,
        default: 2.5,
        description:
          'How much smoother the fog is than noise: finer clouds are weaker by its square, level by level',
      },
    },
  },
  severities: {
    cifar: [
      { strength: 0.2, decay: 3 },
      { strength: 0.5, decay: 3 },
      { strength: 0.75, decay: 2.5 },
      { strength: 1, decay: 2 },
      { strength: 1.5, decay: 1.75 },
    ],
    'tiny-imagenet': [
      { strength: 0.4, decay: 3 },
      { strength: 0.7, decay: 3 },
      { strength: 1, decay: 2.5 },
      { strength: 1.5, decay: 2 },
      { strength: 2, decay: 1.75 },
    ],
    imagenet: IMAGENET,
    mnist: IMAGENET,
  },
  /** The noise of the map; see plasmaNoise. */
  sample: (random, { decay }, shape, setting) => plasmaNoise(random, mapSize(shape, setting), decay),
  apply: (image, noise, { strength, decay }, setting) => {
    const [channels, height, width] = image.shape;
    const values = pixelValues(image);
    const size = mapSize(image.shape, setting);
    const map = plasma(noise, size, decay);
    const brightest = values.reduce((most, value) => Math.max(most, value), 0);
    for (let channel = 0, i = 0; channel < channels; channel++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++, i++) {
          values[i] = ((values[i]! + strength * map[y * size + x]!) * brightest) / (brightest + strength);
        }
      }
    }
    return quantize(values, setting);
  },
});

function mapSize([, height, width]: Image['shape'], { profile, quirks }: CorruptionSetting): number {
  let size = quirks === 'reference' ? PUBLISHED_MAP[profile] : 2;
  while (size < Math.max(height, width)) size *= 2;
  return size;
}
