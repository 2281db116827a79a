/**
 * The saturation (of hue, saturation, value) of every pixel scaled and shifted.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261; for MNIST Mu, Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019, arXiv:1906.02337.
 *
 * Checked against hendrycks/robustness 8190fe3 (make_cifar_c.py) and google-research/mnist-c bba57e4: equal to the level.
 * Deviations: none. MNIST-C scales and shifts hue and value as well, by an oversight of its script that `reference` quirks
 * keep; with `fixed` ones only the shift does anything to a grey image.
 */
import {
  clamp,
  defineCorruption,
  fromHsv,
  pixelValues,
  quantize,
  requireGreyOrColour,
  toHsv,
  type Profile,
} from '#plugin';

/** Severities of ImageNet-C; MNIST-C has the same. */
const IMAGENET = [
  { scale: 0.3, shift: 0 },
  { scale: 0.1, shift: 0 },
  { scale: 2, shift: 0 },
  { scale: 5, shift: 0.1 },
  { scale: 20, shift: 0.2 },
];

/** Planes of hue, saturation, value that are changed: from, and up to but without. */
type Planes = readonly [first: number, end: number];
const SATURATION: Planes = [1, 2];
const PUBLISHED: Readonly<Partial<Record<Profile, Planes>>> = { mnist: [0, 3] };

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'saturate',
    title: 'Saturate',
    summary: 'Weakens or strengthens the colours.',
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
      scale: {
        type: 'number',
        minimum: 0,
        maximum: 1000,
        default: 1.5,
        description: 'Factor of the saturation',
      },
      shift: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0,
        description: 'What is added to the saturation, which is in [0, 1], then',
      },
    },
  },
  severities: {
    cifar: [
      { scale: 0.3, shift: 0 },
      { scale: 0.1, shift: 0 },
      { scale: 1.5, shift: 0 },
      { scale: 2, shift: 0.1 },
      { scale: 2.5, shift: 0.2 },
    ],
    'tiny-imagenet': [
      { scale: 0.3, shift: 0 },
      { scale: 0.1, shift: 0 },
      { scale: 2, shift: 0 },
      { scale: 5, shift: 0.1 },
      { scale: 30, shift: 0.2 },
    ],
    imagenet: IMAGENET,
    mnist: IMAGENET,
  },
  sample: () => null,
  apply: (image, _drawn, { scale, shift }, setting) => {
    requireGreyOrColour('saturate', image.shape);
    const hsv = toHsv(pixelValues(image), image.shape);
    const area = hsv.length / 3;
    const [first, end] = setting.quirks === 'fixed' ? SATURATION : (PUBLISHED[setting.profile] ?? SATURATION);
    for (let i = first * area; i < end * area; i++) hsv[i] = clamp(hsv[i]! * scale + shift, 0, 1);
    return quantize(fromHsv(hsv, image.shape[0]), setting);
  },
});
