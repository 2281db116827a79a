import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isFolder } from '../folders.js';
import { dataRoots } from '../locate.js';

/** An archive of corrupted images known by id. */
export interface KnownArchive {
  readonly title: string;
  /** The data set whose test images it corrupts. */
  readonly dataset: string;
  /** Folders, relative to a data folder, where it may be. */
  readonly folders: readonly string[];
  readonly obtain: string;
}

const zenodo = (record: number, file: string): string =>
  `Get ${file} from zenodo.org/records/${record}, unpack it into DIR and give --data-dir DIR; \`gauntlet data pull\` does both.`;

export const knownArchives: Readonly<Record<string, KnownArchive>> = {
  'mnist-c': {
    title: 'MNIST-C (Mu and Gilmer 2019), 15 corruptions of the MNIST images',
    dataset: 'mnist',
    folders: ['mnist-c/mnist_c', 'mnist_c', 'mnist-c'],
    obtain: zenodo(3239543, 'mnist_c.zip'),
  },
  'cifar10-c': {
    title: 'CIFAR-10-C (Hendrycks and Dietterich 2019), 19 corruptions at 5 severities',
    dataset: 'cifar10',
    folders: ['cifar10-c/CIFAR-10-C', 'CIFAR-10-C', 'cifar10-c'],
    obtain: zenodo(2535967, 'CIFAR-10-C.tar'),
  },
  'cifar100-c': {
    title: 'CIFAR-100-C (Hendrycks and Dietterich 2019), 19 corruptions at 5 severities',
    dataset: 'cifar100',
    folders: ['cifar100-c/CIFAR-100-C', 'CIFAR-100-C', 'cifar100-c'],
    obtain: zenodo(3555552, 'CIFAR-100-C.tar'),
  },
};

/** The folder of a known archive under a data folder, or undefined when there is none; reads no image. */
export function locateArchive(id: string, dataDir?: string): string | undefined {
  const folders = Object.hasOwn(knownArchives, id) ? knownArchives[id]!.folders : [];
  return dataRoots(dataDir)
    .flatMap((root) => folders.map((folder) => join(root, folder)))
    .find(holdsArrays);
}

/** The folder that the path or the id of an archive means; what is neither is taken for a path, which opening it reports. */
export function archiveFolder(pathOrId: string, dataDir?: string): string {
  const path = resolve(pathOrId);
  return isFolder(path) ? path : resolve(locateArchive(pathOrId, dataDir) ?? path);
}

/** Whether a folder holds arrays, or a sub-folder of it test images; one that waits for a download does not. */
function holdsArrays(path: string): boolean {
  if (!isFolder(path)) return false;
  const names = readdirSync(path);
  return names.some((name) => name.endsWith('.npy') || existsSync(join(path, name, 'test_images.npy')));
}
