import { describe, expect, it } from '@jest/globals';
import { join, resolve } from 'node:path';
import { archiveFolder, knownArchives } from '../../../src/data/archives/known.js';
import { knownDatasets } from '../../../src/data/known.js';
import { treeOf } from '../files.js';

describe('a known archive', () => {
  const nothing = Uint8Array.of(0);

  it.each([
    ['cifar10-c', 'cifar10-c/CIFAR-10-C/labels.npy', 'cifar10-c/CIFAR-10-C'],
    ['cifar100-c', 'CIFAR-100-C/fog.npy', 'CIFAR-100-C'],
    ['mnist-c', 'mnist_c/fog/test_images.npy', 'mnist_c'],
  ])('%s is found by its id, where %s lies in the data folder', (id, file, folder) => {
    const dataDir = treeOf({ [file]: nothing });
    expect(archiveFolder(id, dataDir)).toBe(join(dataDir, folder));
  });

  it('is not a folder that only waits for a download, nor one in the way of a path', () => {
    const dataDir = treeOf({ 'mnist-c/mnist_c.zip.part': nothing, 'my/archive/fog.npy': nothing });
    expect(archiveFolder('mnist-c', dataDir)).toBe(resolve('mnist-c'));
    expect(archiveFolder(join(dataDir, 'my/archive'), dataDir)).toBe(join(dataDir, 'my/archive'));
  });

  it('corrupts a known data set', () => {
    for (const { dataset } of Object.values(knownArchives))
      expect(Object.keys(knownDatasets)).toContain(dataset);
  });
});
