import { basename, dirname, join } from 'node:path';
import { existsSync } from 'node:fs';
import type { Split } from '../dataset.js';
import type { LabelledImages } from '../images.js';
import { parseNpy } from '../npy.js';
import { arrayImages, type NamedArray } from './arrays.js';
import { readBytes } from './bytes.js';

/** Names under which a folder may hold the two arrays of a split. */
const PAIRS: Readonly<Record<Split, readonly (readonly [images: string, labels: string])[]>> = {
  train: pairs('train'),
  test: pairs('test'),
};

function pairs(split: Split): readonly [string, string][] {
  return [
    [`${split}_images.npy`, `${split}_labels.npy`],
    [`x_${split}.npy`, `y_${split}.npy`],
    ['images.npy', 'labels.npy'],
    ['x.npy', 'y.npy'],
  ];
}

/** The arrays of a split in a folder, or undefined when it holds neither images nor labels under a known name. */
export function npyPairIn(
  folder: string,
  split: Split,
): readonly [images: string, labels: string] | undefined {
  const pair = PAIRS[split].find((names) => names.every((name) => existsSync(join(folder, name))));
  const half = PAIRS[split].find((names) => names.some((name) => existsSync(join(folder, name))));
  const [images, labels] = pair ?? half ?? [];
  return images === undefined || labels === undefined
    ? undefined
    : [join(folder, images), join(folder, labels)];
}

/** The labels that belong to a file of images: the same name with `labels` for `images`, or `y` for `x`. */
export function labelsBeside(images: string): string {
  const name = basename(images)
    .replace(/images/, 'labels')
    .replace(/^x(?=[_.])/, 'y');
  return join(dirname(images), name);
}

/**
 * Reads a pair of .npy files, gzipped or not, as arrayImages takes them.
 * @throws GauntletError DATA_NOT_FOUND, DATA_INVALID, DATA_MISMATCH.
 */
export async function readNpyPair(images: string, labels: string): Promise<LabelledImages> {
  const [x, y] = await Promise.all([readArray(images), readArray(labels)]);
  return arrayImages(x, y);
}

async function readArray(path: string): Promise<NamedArray> {
  return { array: parseNpy(await readBytes(path), path), name: path };
}
