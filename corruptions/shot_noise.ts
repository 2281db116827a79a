/**
 * Every value becomes the number of photons that a Poisson law with that mean lets through, over the number at full
 * brightness.
 *
 * Hendrycks, Dietterich, "Benchmarking neural network robustness to common corruptions and perturbations", ICLR 2019,
 * arXiv:1903.12261; for MNIST Mu, Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019, arXiv:1906.02337.
 *
 * Checked against hendrycks/robustness 8190fe3 (make_cifar_c.py) and google-research/mnist-c bba57e4, fed with their recorded
 * counts: equal to the level. Deviations: the count is read off the cumulative probabilities at a uniform number, so that what
 * is drawn does not depend on the image; the law is the same.
 */
import {
  defineCorruption,
  memoize,
  pixelValues,
  poissonLaw,
  poissonQuantile,
  quantize,
  type PoissonLaw,
} from '#plugin';

/** Severities of ImageNet-C; MNIST-C has the same. */
const IMAGENET = [{ photons: 60 }, { photons: 25 }, { photons: 12 }, { photons: 5 }, { photons: 3 }];

// Global lookups once per value show where tests run them.
const { round } = Math;

/** The laws of all grey levels: images of 8 bits have no other values. */
const lawsOf = memoize((photons: number): readonly PoissonLaw[] =>
  Array.from({ length: 256 }, (_, level) => poissonLaw((level / 255) * photons)),
);

export default defineCorruption({
  kind: 'corruption',
  metadata: {
    id: 'shot_noise',
    title: 'Shot noise',
    summary: 'Counts a random number of photons in the place of every value.',
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
      photons: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 100000,
        default: 100,
        description: 'Photons on average at full brightness; fewer are noisier',
      },
    },
  },
  severities: {
    cifar: [{ photons: 500 }, { photons: 250 }, { photons: 100 }, { photons: 75 }, { photons: 50 }],
    'tiny-imagenet': [{ photons: 250 }, { photons: 100 }, { photons: 50 }, { photons: 30 }, { photons: 15 }],
    imagenet: IMAGENET,
    mnist: IMAGENET,
  },
  /** The probability of at most as many photons as each value is to get. */
  sample: (random, _parameters, [channels, height, width]) =>
    random.fillUniform(new Float64Array(channels * height * width)),
  apply: (image, probabilities, { photons }, setting) => {
    const values = pixelValues(image);
    const laws = lawsOf(photons);
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      const level = round(value * 255);
      const law = value === level / 255 ? laws[level]! : poissonLaw(value * photons);
      values[i] = poissonQuantile(law, probabilities[i]!) / photons;
    }
    return quantize(values, setting);
  },
});
