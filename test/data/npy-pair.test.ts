import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { formatNpy } from '../../src/data/npy.js';
import { openDataset } from '../../src/data/registry.js';
import { floatTensor, intTensor } from '../../src/tensor/tensor.js';
import { bytes, failure, treeOf } from './files.js';

const open = (source: string, split: 'train' | 'test' = 'test'): ReturnType<typeof openDataset> =>
  openDataset({ source, split });

const images = (first: number, n = 2): Uint8Array => formatNpy(bytes([n, 1, 2, 3], (i) => first + i));
const labels = (...values: number[]): Uint8Array => formatNpy(intTensor(values));
const two = { 'images.npy': images(0), 'labels.npy': labels(3, 1) };

describe('a pair of .npy files', () => {
  it.each([
    ['images.npy', 'labels.npy'],
    ['test_images.npy', 'test_labels.npy'],
    ['x_test.npy', 'y_test.npy'],
    ['x.npy', 'y.npy'],
  ])('is found in a folder as %s and %s', async (x, y) => {
    const dataset = await open(treeOf({ [x]: images(0), [y]: labels(3, 1) }));
    expect(dataset).toMatchObject({ length: 2, shape: [3, 1, 2], numClasses: 4 });
    const { data, labels: truth } = await dataset.read([0]);
    expect(Array.from(data, (value) => Math.round(value * 255))).toEqual([0, 3, 1, 4, 2, 5]);
    expect(Array.from(truth)).toEqual([3]);
  });

  it('is that of the split before the one that names none', async () => {
    const folder = treeOf({ ...two, 'train_images.npy': images(0, 1), 'train_labels.npy': labels(0) });
    expect([(await open(folder, 'train')).length, (await open(folder)).length]).toEqual([1, 2]);
  });

  it('may be named by the file of images, or by both with a comma between', async () => {
    const folder = treeOf({
      ...two,
      'cut_images.npy': images(0),
      'cut_labels.npy': labels(0, 0),
      'other.npy': labels(7, 7),
    });
    expect((await open(join(folder, 'cut_images.npy'))).numClasses).toBe(1);
    const both = await open(`${join(folder, 'images.npy')},${join(folder, 'other.npy')}`);
    expect([both.id, both.numClasses]).toEqual(['images', 8]);
  });

  it('holds floats in [0, 1] or bytes', async () => {
    const float = (value: number): Uint8Array => formatNpy(floatTensor(Float32Array.of(0, value), [1, 2]));
    const fine = await open(treeOf({ 'x.npy': float(0.5), 'y.npy': labels(0) }));
    expect(Array.from((await fine.read([0])).data)).toEqual([0, 0.5]);
    for (const value of [1.5, -1, NaN, 255]) {
      await expect(open(treeOf({ 'x.npy': float(value), 'y.npy': labels(0) }))).rejects.toEqual(
        failure('DATA_INVALID', 'x.npy', String(value), 'in \\[0, 1\\]'),
      );
    }
  });

  it('may be gzipped', async () => {
    expect((await open(treeOf({ ...two, 'images.npy': gzipSync(images(0)) }))).length).toBe(2);
  });

  it.each([
    [
      'truncated images',
      { 'images.npy': images(0).subarray(0, -1) },
      'DATA_INVALID',
      'images.npy',
      '12 bytes, received 11',
    ],
    [
      'a truncated header',
      { 'images.npy': images(0).subarray(0, 60) },
      'DATA_INVALID',
      'images.npy',
      'truncated',
    ],
    [
      'text for labels',
      { 'labels.npy': Buffer.from('3 1 and so on') },
      'DATA_INVALID',
      'labels.npy',
      'not an .npy',
    ],
    [
      'fewer labels than images',
      { 'labels.npy': labels(1) },
      'DATA_MISMATCH',
      'images.npy holds 2 images',
      'labels.npy 1 labels',
    ],
    [
      'labels that are no numbers of classes',
      { 'labels.npy': formatNpy(floatTensor(Float32Array.of(0, 1), [2])) },
      'DATA_INVALID',
      'labels.npy',
      'float32',
    ],
  ] as [string, Record<string, Uint8Array>, string, ...string[]][])(
    'with %s is refused',
    async (_, files, key, ...parts) => {
      await expect(open(treeOf({ ...two, ...files }))).rejects.toEqual(failure(key, ...parts));
    },
  );

  it('of which one is missing is refused, naming it', async () => {
    const folder = treeOf({ 'test_images.npy': images(0) });
    await expect(open(folder)).rejects.toEqual(failure('DATA_NOT_FOUND', 'test_labels.npy'));
    await expect(open(join(folder, 'test_images.npy'))).rejects.toEqual(
      failure('DATA_NOT_FOUND', 'test_labels.npy'),
    );
  });
});
