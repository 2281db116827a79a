import { describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { join } from 'node:path';
import { imageDataset } from '../../src/data/images.js';
import { writeNpz } from '../../src/data/npz.js';
import { readCifar } from '../../src/data/readers/cifar.js';
import { readIdx } from '../../src/data/readers/idx.js';
import { readNpzImages } from '../../src/data/readers/npz.js';
import { floatTensor, intTensor, type Tensor } from '../../src/tensor/tensor.js';
import { cifar100File, cifarFile, failure, folderOf, idxFile, tinyIdx } from './files.js';

describe('the IDX reader', () => {
  const read = (images: Uint8Array, labels: Uint8Array): ReturnType<typeof readIdx> => {
    const folder = folderOf({ images, labels });
    return readIdx(join(folder, 'images'), join(folder, 'labels'));
  };
  const labels = idxFile([1], [7]);

  it('reads images of one channel and their labels', async () => {
    const folder = folderOf(tinyIdx);
    const images = join(folder, 't10k-images-idx3-ubyte');
    const set = await readIdx(images, join(folder, 't10k-labels-idx1-ubyte'));
    expect(set.shape).toEqual([1, 2, 2]);
    expect(Array.from(set.labels)).toEqual([0, 9, 4]);
    expect(Array.from(set.pixels.subarray(4, 8))).toEqual([252, 253, 254, 255]);
    expect(set.numClasses).toBe(10);
  });

  it('reads gzipped files, whatever they are called', async () => {
    const set = await read(gzipSync(idxFile([1, 1, 2], [5, 6])), gzipSync(labels));
    expect(Array.from(set.pixels)).toEqual([5, 6]);
  });

  it('refuses another magic number, naming both', async () => {
    await expect(read(labels, labels)).rejects.toEqual(failure('DATA_INVALID', '0x00000803', '0x00000801'));
    await expect(read(Uint8Array.of(1), labels)).rejects.toEqual(failure('DATA_INVALID', '0x00000803'));
  });

  it('refuses a file that is shorter or longer than its sizes say', async () => {
    await expect(read(idxFile([1, 2, 2], [1, 2, 3]), labels)).rejects.toEqual(
      failure('DATA_INVALID', '1 x 2 x 2', '3'),
    );
    await expect(read(idxFile([1, 1, 1], [1, 2]), labels)).rejects.toEqual(
      failure('DATA_INVALID', 'received 2'),
    );
  });

  it('refuses another number of labels than of images', async () => {
    await expect(read(idxFile([2, 1, 1], [1, 2]), labels)).rejects.toEqual(
      failure('DATA_MISMATCH', '2 images', '1 labels'),
    );
  });

  it('refuses damaged gzip and missing files', async () => {
    const damaged = gzipSync(idxFile([1, 1, 1], [1])).subarray(0, 20);
    await expect(read(damaged, labels)).rejects.toEqual(failure('DATA_INVALID', 'gzip'));
    await expect(readIdx('/nowhere/images', '/nowhere/labels')).rejects.toEqual(
      failure('DATA_NOT_FOUND', '/nowhere'),
    );
  });
});

describe('the CIFAR-10 reader', () => {
  it('reads records of a label and 3072 bytes, file after file', async () => {
    const folder = folderOf({ 'a.bin': cifarFile([3, 0]), 'b.bin.gz': cifarFile([9]) });
    const set = await readCifar([join(folder, 'a.bin'), join(folder, 'b.bin.gz')], 'cifar10');
    expect(set.shape).toEqual([3, 32, 32]);
    expect(Array.from(set.labels)).toEqual([3, 0, 9]);
    expect(Array.from(set.pixels.subarray(3072, 3075))).toEqual([1, 2, 3]);
    expect(set.pixels.length).toBe(3 * 3072);
  });

  it('refuses a file that ends inside a record, or is empty', async () => {
    const folder = folderOf({
      'cut.bin': cifarFile([1, 2]).subarray(0, 4000),
      'empty.bin': new Uint8Array(0),
    });
    await expect(readCifar([join(folder, 'cut.bin')], 'cifar10')).rejects.toEqual(
      failure('DATA_INVALID', 'cut.bin', '4000'),
    );
    await expect(readCifar([join(folder, 'empty.bin')], 'cifar10')).rejects.toEqual(
      failure('DATA_INVALID', 'empty.bin'),
    );
  });

  it('refuses a label above 9, naming the record', async () => {
    const folder = folderOf({ 'a.bin': cifarFile([1, 10]) });
    await expect(readCifar([join(folder, 'a.bin')], 'cifar10')).rejects.toEqual(
      failure('DATA_MISMATCH', 'record 1', '10'),
    );
  });
});

describe('the CIFAR-100 reader', () => {
  it('takes the fine label of every record', async () => {
    const file = cifar100File([
      [19, 99],
      [0, 5],
    ]);
    const folder = folderOf({ 'test.bin': file });
    const set = await readCifar([join(folder, 'test.bin')], 'cifar100');
    expect([set.shape, set.numClasses, Array.from(set.labels)]).toEqual([[3, 32, 32], 100, [99, 5]]);
    expect(Array.from(set.pixels.subarray(3072, 3075))).toEqual([1, 2, 3]);
  });

  it('refuses files of CIFAR-10 and fine labels above 99', async () => {
    const folder = folderOf({ 'ten.bin': cifarFile([1, 2]), 'high.bin': cifar100File([[1, 100]]) });
    await expect(readCifar([join(folder, 'ten.bin')], 'cifar100')).rejects.toEqual(
      failure('DATA_INVALID', 'CIFAR-100', '6146'),
    );
    await expect(readCifar([join(folder, 'high.bin')], 'cifar100')).rejects.toEqual(
      failure('DATA_MISMATCH', '100', '0 to 99'),
    );
  });
});

describe('the .npz reader', () => {
  const read = (
    arrays: Record<string, Tensor>,
    split: 'train' | 'test' = 'test',
  ): ReturnType<typeof readNpzImages> =>
    readNpzImages(join(folderOf({ 'x.npz': writeNpz(arrays) }), 'x.npz'), split);
  const bytes = (dims: number[], values: number[]): Tensor => ({
    type: 'uint8',
    dims,
    data: Uint8Array.from(values),
  });
  const labels = intTensor([1]);

  it('turns channels last into channels first', async () => {
    const set = await read({ images: bytes([1, 1, 2, 3], [1, 2, 3, 4, 5, 6]), labels });
    expect(set.shape).toEqual([3, 1, 2]);
    expect(Array.from(set.pixels)).toEqual([1, 4, 2, 5, 3, 6]);
  });

  it('leaves channels first, grey images and flat rows in their order', async () => {
    expect((await read({ x: bytes([1, 3, 1, 2], [1, 2, 3, 4, 5, 6]), y: labels })).shape).toEqual([3, 1, 2]);
    expect((await read({ data: bytes([1, 2, 3], [1, 2, 3, 4, 5, 6]), y: labels })).shape).toEqual([1, 2, 3]);
    const flat = await read({ arr_0: bytes([1, 6], [1, 2, 3, 4, 5, 6]), arr_1: labels });
    expect(flat.shape).toEqual([6]);
    expect(Array.from(flat.pixels)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('takes the arrays of the split asked for', async () => {
    const arrays = {
      x_train: bytes([1, 2], [1, 2]),
      y_train: intTensor([4]),
      x_test: bytes([1, 2], [3, 4]),
      y_test: intTensor([2]),
    };
    expect(Array.from((await read(arrays, 'train')).pixels)).toEqual([1, 2]);
    expect(Array.from((await read(arrays, 'test')).labels)).toEqual([2]);
  });

  it('takes labels of any integer type, also as a column', async () => {
    for (const data of [Uint8Array.of(7), Int32Array.of(7), BigInt64Array.of(7n)]) {
      const type = { Uint8Array: 'uint8', Int32Array: 'int32', BigInt64Array: 'int64' }[
        data.constructor.name
      ] as 'uint8';
      const set = await read({ x: bytes([1, 2], [1, 2]), y: { type, dims: [1, 1], data } });
      expect(Array.from(set.labels)).toEqual([7]);
      expect(set.numClasses).toBe(8);
    }
  });

  it('takes floats in [0, 1] as they are and refuses others', async () => {
    const set = await read({ x: floatTensor(Float32Array.of(0, 0.3), [1, 2]), y: labels });
    expect(Array.from(set.pixels)).toEqual([0, Math.fround(0.3)]);
    const double: Tensor = { type: 'float64', dims: [1, 2], data: Float64Array.of(0.1, 1) };
    expect(Array.from((await read({ x: double, y: labels })).pixels)).toEqual([Math.fround(0.1), 1]);
    for (const stray of [255, -0.1, NaN, Infinity]) {
      const arrays = { x: floatTensor(Float32Array.of(0, stray), [1, 2]), y: labels };
      await expect(read(arrays)).rejects.toEqual(failure('DATA_INVALID', 'in \\[0, 1\\]'));
    }
  });

  it.each([
    ['no images', { pictures: bytes([1, 1], [1]) }, 'DATA_INVALID', 'pictures'],
    ['no labels', { x: bytes([1, 1], [1]) }, 'DATA_INVALID', 'labels or y'],
    [
      'one-hot labels',
      { x: bytes([1, 1], [1]), y: floatTensor(Float32Array.of(0, 1), [1, 2]) },
      'DATA_INVALID',
      'one integer',
    ],
    ['negative labels', { x: bytes([1, 1], [1]), y: intTensor([-1]) }, 'DATA_MISMATCH', '-1'],
    [
      'more labels than images',
      { x: bytes([1, 1], [1]), y: intTensor([1, 2]) },
      'DATA_MISMATCH',
      '1 images and 2 labels',
    ],
    ['integer images of another type', { x: intTensor([1], [1, 1]), y: labels }, 'DATA_INVALID', 'int64'],
    ['images of five axes', { x: bytes([1, 1, 1, 1, 1], [1]), y: labels }, 'DATA_INVALID', '1, 1, 1, 1, 1'],
  ] as [string, Record<string, Tensor>, string, string][])(
    'refuses a file with %s',
    async (_, arrays, key, message) => {
      await expect(read(arrays)).rejects.toEqual(failure(key, message));
    },
  );
});

describe('a data set in memory', () => {
  const images = {
    shape: [1, 16, 16],
    pixels: Uint8Array.from({ length: 512 }, (_, i) => i % 256),
    numClasses: 10,
  };
  const dataset = imageDataset('bytes', 'test', { ...images, labels: Int32Array.of(3, 4) });

  it('gives bytes as float32(p) / float32(255) in float32', async () => {
    const { data } = await dataset.read([0]);
    data.forEach((value, level) => expect(value).toBe(Math.fround(Math.fround(level) / Math.fround(255))));
  });

  it('gives examples in the order asked for, with their indices as keys', async () => {
    const batch = await dataset.read([1, 0, 1]);
    expect(batch.keys).toEqual([1, 0, 1]);
    expect(Array.from(batch.labels)).toEqual([4, 3, 4]);
    expect(batch.shape).toEqual([1, 16, 16]);
    expect(batch.data.length).toBe(3 * 256);
  });

  it('refuses an index it does not have, naming the range', async () => {
    for (const index of [2, -1, 0.5, NaN]) {
      await expect(dataset.read([0, index])).rejects.toEqual(failure('INDEX_RANGE', '0 to 1', String(index)));
    }
  });

  it('refuses labels that do not fit', () => {
    expect(() => imageDataset('d', 'test', { ...images, labels: Int32Array.of(3) })).toThrow(
      failure('DATA_MISMATCH'),
    );
    expect(() => imageDataset('d', 'test', { ...images, labels: Int32Array.of(3, 10) })).toThrow(
      failure('DATA_MISMATCH', 'example 1', '10'),
    );
  });

  it('has a fingerprint that depends on pixels and labels, not on the name', () => {
    const other = (labels: number[], pixel = 0): string => {
      const pixels = images.pixels.with(0, pixel);
      return imageDataset('other', 'train', { ...images, pixels, labels: Int32Array.from(labels) })
        .fingerprint;
    };
    expect(other([3, 4])).toBe(dataset.fingerprint);
    expect(other([3, 5])).not.toBe(dataset.fingerprint);
    expect(other([3, 4], 1)).not.toBe(dataset.fingerprint);
  });
});
