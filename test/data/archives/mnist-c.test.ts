import { describe, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { formatNpy } from '../../../src/data/npy.js';
import { intTensor } from '../../../src/tensor/tensor.js';
import { bytes, failure, treeOf } from '../files.js';
import { open } from './opened.js';

const mnistFiles = {
  ...Object.fromEntries(
    ['fog', 'zigzag', 'identity'].flatMap((name, k) => [
      [`${name}/test_images.npy`, formatNpy(bytes([2, 2, 2, 1], (i) => 10 * k + i))],
      [`${name}/test_labels.npy`, formatNpy(intTensor([7, 2]))],
      [`${name}/train_images.npy`, formatNpy(bytes([1, 2, 2, 1], () => 200))],
      [`${name}/train_labels.npy`, formatNpy(bytes([1], () => 5))],
    ]),
  ),
} as Readonly<Record<string, Uint8Array>>;

describe('MNIST-C', () => {
  it('has one severity, and keeps the clean images apart', async () => {
    const archive = await open(treeOf(mnistFiles));
    expect(archive).toMatchObject({
      kind: 'mnist-c',
      names: ['fog', 'zigzag'],
      clean: 'identity',
      length: 2,
      shape: [1, 2, 2],
      numClasses: 8,
    });
    expect(archive.severities('fog')).toEqual([1]);
    const batch = await archive.read('zigzag', 1, [1]);
    expect(Array.from(batch.data)).toEqual([14, 15, 16, 17].map((level) => Math.fround(level / 255)));
    expect(Array.from(batch.labels)).toEqual([2]);
    expect((await archive.read('identity', 1, [0])).data[0]).toBe(Math.fround(20 / 255));
  });

  it('has training images too', async () => {
    const archive = await open(treeOf(mnistFiles), { split: 'train' });
    expect(archive.length).toBe(1);
    expect(Array.from((await archive.read('fog', 1, [0])).labels)).toEqual([5]);
  });

  it.each([
    [
      'labels of another number',
      { 'fog/test_labels.npy': formatNpy(intTensor([7])) },
      'DATA_MISMATCH',
      '2 images',
      '1 labels',
    ],
    [
      'labels that differ between corruptions',
      { 'fog/test_labels.npy': formatNpy(intTensor([7, 3])) },
      'DATA_MISMATCH',
      'example 1',
      'identity',
    ],
    [
      'images of another size',
      { 'zigzag/test_images.npy': formatNpy(bytes([2, 1, 2, 1], () => 0)) },
      'DATA_MISMATCH',
      '1 x 1 x 2',
    ],
  ] as [string, Record<string, Uint8Array>, string, ...string[]][])(
    'with %s is refused',
    async (_, files, key, ...parts) => {
      await expect(open(treeOf({ ...mnistFiles, ...files }))).rejects.toEqual(failure(key, ...parts));
    },
  );

  it('without the labels of one corruption is refused', async () => {
    const folder = treeOf(mnistFiles);
    rmSync(join(folder, 'zigzag', 'test_labels.npy'));
    await expect(open(folder)).rejects.toEqual(failure('DATA_NOT_FOUND', 'zigzag', 'test_labels.npy'));
  });
});
