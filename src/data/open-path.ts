import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join, resolve as resolvePath } from 'node:path';
import { GauntletError } from '../errors.js';
import type { Dataset, Split } from './dataset.js';
import type { Resize } from './image/resize.js';
import { imageDataset, type LabelledImages } from './images.js';
import { cifar100Layouts, cifar10Layouts, idxLayouts, knownDatasets } from './known.js';
import { locateIn } from './locate.js';
import { readLocated } from './read-located.js';
import { cifarFormatOf, readCifar } from './readers/cifar.js';
import { readBytes } from './readers/bytes.js';
import { readClassFolders } from './readers/class-folders.js';
import { labelsBeside, npyPairIn, readNpyPair } from './readers/npy.js';
import { readNpzImages } from './readers/npz.js';
import { readListed, readPictureList } from './readers/picture-list.js';
import { vnnlibDataset } from './readers/vnnlib.js';
import { isVnnlib } from './vnnlib.js';

type Reader = (path: string, split: Split, resize?: Resize) => Promise<LabelledImages>;

/** Readers of single files, by the end of their names. */
const READERS: readonly { readonly name: RegExp; readonly read: Reader }[] = [
  { name: /\.npz$/, read: readNpzImages },
  { name: /\.npy$/, read: (path) => readNpyPair(path, labelsBeside(path)) },
  {
    name: /\.bin(\.gz)?$/,
    read: async (path) => readCifar([path], cifarFormatOf((await readBytes(path)).length)),
  },
  {
    name: /\.csv$/i,
    read: async (path, _split, resize) => readListed(await readPictureList(path), undefined, resize),
  },
];

const EXPECTED = 'an .npz, .npy, .bin, .csv or .vnnlib file or a folder';

/**
 * Opens what a path names: an .npz file; two .npy files `IMAGES,LABELS`, or the one of images, with the labels beside it; a
 * CIFAR .bin file; a CSV list of pictures; a VNN-LIB instance; or a folder that holds IDX or CIFAR files, a pair of .npy
 * files, a CSV list, or one sub-folder of pictures per class.
 * @param resize for pictures, which have sizes of their own; arrays are taken as they are.
 * @throws GauntletError UNKNOWN_DATASET for a bare name, DATA_NOT_FOUND, DATA_INVALID, DATA_MISMATCH, JPEG_DECODER_MISSING.
 */
export async function openPath(source: string, split: Split, resize?: Resize): Promise<Dataset> {
  const pair = /^(.+\.npy),(.+\.npy)$/.exec(source);
  if (pair !== null && !existsSync(source)) {
    const [images, labels] = [resolvePath(pair[1]!), resolvePath(pair[2]!)];
    return imageDataset(idOf(images), split, await readNpyPair(images, labels));
  }
  const path = resolvePath(source);
  if (!existsSync(path)) throw notFound(source, path);
  if (isVnnlib(path)) return vnnlibDataset(path, idOf(path), split);
  if (statSync(path).isDirectory())
    return imageDataset(idOf(path), split, await readFolder(path, split, resize));
  const reader = READERS.find(({ name }) => name.test(path));
  if (reader === undefined) throw new GauntletError('DATA_INVALID', `${path} is not ${EXPECTED}.`);
  return imageDataset(idOf(path), split, await reader.read(path, split, resize));
}

/** The name of a file without what says its format. */
const idOf = (path: string): string => basename(path).replace(/(\.(npz|npy|bin|csv|vnnlib|gz))+$/i, '');

function notFound(source: string, path: string): GauntletError {
  if (!/^[\w-]+$/.test(source)) return new GauntletError('DATA_NOT_FOUND', `${path} does not exist.`);
  const ids = Object.keys(knownDatasets).join(', ');
  return new GauntletError('UNKNOWN_DATASET', `There is no data set \`${source}\`; known are ${ids}.`);
}

async function readFolder(folder: string, split: Split, resize?: Resize): Promise<LabelledImages> {
  const layouts = [...idxLayouts[split], ...cifar10Layouts[split], ...cifar100Layouts[split]];
  const files = locateIn(folder, layouts);
  if (files !== undefined) return readLocated(files);
  const arrays = npyPairIn(folder, split);
  if (arrays !== undefined) return readNpyPair(...arrays);
  const list = await listIn(folder, split);
  if (list !== undefined) return readListed(await readPictureList(list), undefined, resize);
  const pictures = await readClassFolders(folder, split, resize);
  if (pictures !== undefined) return pictures;
  throw new GauntletError(
    'DATA_NOT_FOUND',
    `${folder} holds no ${split} files: neither IDX, CIFAR or .npy files, nor a CSV list, nor class folders of PNG or JPEG pictures.`,
  );
}

/** The CSV list of a folder: the one called after the split, else the only one. */
async function listIn(folder: string, split: Split): Promise<string | undefined> {
  const lists = (await readdir(folder)).filter((name) => /\.csv$/i.test(name)).sort();
  const named = lists.find((name) => name.toLowerCase() === `${split}.csv`);
  if (named === undefined && lists.length > 1) {
    throw new GauntletError(
      'DATA_INVALID',
      `${folder} holds several lists and none called ${split}.csv: ${lists.join(', ')}.`,
      { help: 'Give the path of one of them.' },
    );
  }
  const [list] = named === undefined ? lists : [named];
  return list === undefined ? undefined : join(folder, list);
}
