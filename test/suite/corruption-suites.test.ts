import { describe, expect, it } from '@jest/globals';
import { findSuite } from '../../src/suite/find.js';
import { suiteIndices, type Suite, type SuiteEntry } from '../../src/suite/suite.js';

/** The order of Hendrycks and Dietterich's tables. */
const BENCHMARK = [
  ...['gaussian_noise', 'shot_noise', 'impulse_noise'],
  ...['defocus_blur', 'glass_blur', 'motion_blur', 'zoom_blur'],
  ...['snow', 'frost', 'fog', 'brightness'],
  ...['contrast', 'elastic_transform', 'pixelate', 'jpeg_compression'],
];
const EXTRA = ['speckle_noise', 'gaussian_blur', 'spatter', 'saturate'];

/** MNIST-C as published: one severity each; those that have no levels are at 1. */
const MNIST_C: Readonly<Record<string, number>> = {
  ...{ identity: 1, shot_noise: 5, impulse_noise: 4, glass_blur: 1, motion_blur: 1, shear: 2, scale: 3 },
  ...{ rotate: 2, brightness: 5, translate: 3, stripe: 1, fog: 5, spatter: 4 },
  ...{ dotted_line: 1, zigzag: 1, canny_edges: 1 },
};
const WITHOUT_LEVELS = ['stripe', 'dotted_line', 'zigzag', 'canny_edges'];
const EVERY = [1, 2, 3, 4, 5];

type CorruptionEntry = Extract<SuiteEntry, { kind: 'corruption' }>;

function corruptionsOf(suite: Suite): CorruptionEntry[] {
  return suite.entries.filter((entry): entry is CorruptionEntry => entry.kind === 'corruption');
}

/** Severities by corruption. */
async function severitiesIn(id: string): Promise<Record<string, readonly number[]>> {
  const entries = corruptionsOf(await findSuite(id));
  return Object.fromEntries(entries.map(({ corruption, severities }) => [corruption, severities]));
}

/** Profile, data set and number of examples of every suite. */
const SUITES = [
  ['mnist-c', 'mnist', 'mnist', 10_000],
  ['mnist-c-full', 'mnist', 'mnist', 10_000],
  ['mnist-c-mini', 'mnist', 'mnist', 1000],
  ['cifar10-c', 'cifar', 'cifar10', 10_000],
  ['cifar10-c-mini', 'cifar', 'cifar10', 1000],
  ['tiny-imagenet-c', 'tiny-imagenet', 'tiny-imagenet', 10_000],
  ['imagenet-c', 'imagenet', 'imagenet', 50_000],
] as const;

describe.each(SUITES)('the suite %s', (id, profile, source, examples) => {
  it('is made of corruptions alone, with the parameters and the mistakes of its own published set', async () => {
    const suite = await findSuite(id);
    expect(suite.dataset).toEqual({ source, split: 'test' });
    expect(suiteIndices(suite)).toHaveLength(examples);
    expect(corruptionsOf(suite)).toHaveLength(suite.entries.length);
    for (const entry of corruptionsOf(suite)) {
      expect(entry).toMatchObject({ id: entry.corruption, profile, quirks: 'reference' });
    }
  });
});

describe('the corruptions of', () => {
  it('mnist-c are the published ones at the published severities', async () => {
    const published = Object.entries(MNIST_C).map(([id, severity]) => [id, [severity]]);
    expect(Object.entries(await severitiesIn('mnist-c'))).toEqual(published);
  });

  it('mnist-c-full are the same but the identity, at every severity they have', async () => {
    const ids = Object.keys(MNIST_C).filter((id) => id !== 'identity');
    expect(Object.entries(await severitiesIn('mnist-c-full'))).toEqual(
      ids.map((id) => [id, WITHOUT_LEVELS.includes(id) ? [1] : EVERY]),
    );
    const { title, note } = await findSuite('mnist-c-full');
    expect(title).toContain('not official');
    expect(note).toContain('Not the official MNIST-C');
  });

  it.each(['cifar10-c', 'tiny-imagenet-c', 'imagenet-c'])(
    "%s are the benchmark's fifteen, then its four extra ones, at five severities",
    async (id) => {
      expect(Object.entries(await severitiesIn(id))).toEqual(
        [...BENCHMARK, ...EXTRA].map((corruption) => [corruption, EVERY]),
      );
    },
  );

  it.each([
    ['mnist-c-mini', 'mnist-c'],
    ['cifar10-c-mini', 'cifar10-c'],
  ])('%s are some of those of %s, as they are there, and need no photographs', async (mini, whole) => {
    const [few, all] = [await severitiesIn(mini), await severitiesIn(whole)];
    expect(all).toMatchObject(few);
    expect(Object.keys(few).length).toBeLessThanOrEqual(6);
    expect(Object.keys(few)).not.toContain('frost');
  });
});
