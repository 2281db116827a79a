import { describe, expect, it } from '@jest/globals';
import { outlineOf } from '../../src/archive/layout.js';
import { parseSuite } from '../../src/suite/read.js';

const outline = async (...entries: readonly string[]) => {
  const head =
    'id: mine\nversion: 1\ntitle: Mine\ndataset: { source: mnist, split: test }\nexamples: { first: 3 }\n';
  const lines = entries.map((entry) => `  - { ${entry} }\n`).join('');
  return outlineOf(await parseSuite(`${head}models: [a]\nseed: 0\nentries:\n${lines}`, '/x/mine.yaml'));
};
const contrast = (id: string, rest: string) => `id: ${id}, kind: corruption, corruption: contrast, ${rest}`;
const blur = (id: string, rest: string) => `id: ${id}, kind: corruption, corruption: gaussian_blur, ${rest}`;
const attack = 'id: pgd, kind: attack, attack: pgd, threat: { kind: lp, norm: linf, epsilon: 0.1 }';

describe('the layout of an archive', () => {
  it('is that of CIFAR-10-C for the profile cifar, attacks left out', async () => {
    const { layout, entries, severities } = await outline(attack, contrast('a', 'severities: [5, 1]'));
    expect(layout.images('contrast', 'test')).toBe('contrast.npy');
    expect(layout.labels('contrast', 'test')).toBe('labels.npy');
    expect(entries.map(({ id }) => id)).toEqual(['a']);
    expect(severities).toEqual([1, 5]);
  });

  it('is that of MNIST-C for the profile mnist', async () => {
    const { layout } = await outline(contrast('a', 'severities: [1], profile: mnist'));
    expect(layout.images('contrast', 'train')).toBe('contrast/train_images.npy');
    expect(layout.labels('contrast', 'test')).toBe('contrast/test_labels.npy');
  });

  it.each<[string, string[], RegExp]>([
    ['there are no corruptions', [attack], /it has no corruptions/],
    [
      'profiles differ',
      [contrast('a', 'severities: [1]'), blur('b', 'severities: [1], profile: mnist')],
      /a is of the profile cifar, b of mnist/,
    ],
    [
      'the profile has no such archives',
      [contrast('a', 'severities: [1], profile: imagenet')],
      /profiles cifar and mnist, its own is imagenet/,
    ],
    [
      'severities differ',
      [contrast('a', 'severities: [1]'), blur('b', 'severities: [2]')],
      /a has severities 1, b has 2/,
    ],
    [
      'MNIST-C would have two severities',
      [contrast('a', 'severities: [1, 2], profile: mnist')],
      /MNIST-C has one severity, it has 1, 2/,
    ],
    [
      'a corruption stands in the suite twice',
      [contrast('a', 'severities: [1]'), contrast('b', 'severities: [1], quirks: fixed')],
      /contrast stands in it more than once/,
    ],
  ])('does not exist where %s', async (_what, entries, message) => {
    await expect(outline(...entries)).rejects.toMatchObject({
      key: 'SUITE_INVALID',
      message: expect.stringMatching(message) as unknown,
    });
  });
});
