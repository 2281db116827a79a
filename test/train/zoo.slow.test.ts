import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { verifyZoo } from '../../src/train/verify.js';
import { fixtures } from '../fixtures/external.js';

const describeFixtures = fixtures === undefined ? describe.skip : describe;

describeFixtures('the zoo on the data it was trained on', () => {
  it('has the accuracies and latent figures of its cards', async () => {
    const verified = await verifyZoo({ dataDir: join(fixtures!, 'data'), only: '*-binenc' });
    expect(verified.map(({ id }) => id)).toEqual([
      'cifar10-resnet8-binenc',
      'fashion-mnist-cnn-binenc',
      'fashion-mnist-mlp-binenc',
      'mnist-cnn-binenc',
      'mnist-mlp-binenc',
    ]);
    const parts = verified.flatMap(({ id, parts: of }) => of.map((part) => ({ id, ...part })));
    expect(parts.filter(({ status }) => status !== 'same')).toEqual([]);
    expect(parts).toHaveLength(15);
  });
});
