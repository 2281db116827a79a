import { readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { knownArchives, locateArchive } from '../data/archives/known.js';
import { openArchive } from '../data/archives/open.js';
import { genuineFiles, type HashOrigin } from '../data/genuine.js';
import { knownDatasets } from '../data/known.js';
import { locateKnown, searchPath, type LocatedFiles } from '../data/locate.js';
import { completeList, requireComplete } from '../data/readers/picture-list.js';
import { GauntletError } from '../errors.js';
import { checksumsOf } from './checksum.js';

/** A file held against what is known of the genuine one. */
export interface VerifiedFile {
  /** Relative to the folder, or the whole path where the two splits lie in different folders. */
  readonly file: string;
  /** Size and SHA-256 of the content, decompressed where the file is gzip. */
  readonly bytes: number;
  readonly sha256: string;
  /** `unknown` where nobody here knows the hash of the genuine file. */
  readonly verdict: 'genuine' | 'differs' | 'unknown';
  /** Where the known hash is from; null where there is none. */
  readonly origin: HashOrigin | null;
}

export interface VerifiedSet {
  readonly id: string;
  readonly folder: string;
  readonly files: readonly VerifiedFile[];
}

/**
 * Hashes the files of a known data set, wherever it was found, and says which are genuine. An archive of corrupted images is
 * opened besides, which checks its sizes and labels; of a list of pictures only the list is hashed.
 * @param onFile called before each file.
 * @throws GauntletError UNKNOWN_DATASET, DATA_NOT_FOUND, DATA_INVALID, DATA_MISMATCH
 */
export async function verifySet(
  id: string,
  dataDir?: string,
  onFile: (path: string) => void = () => undefined,
): Promise<VerifiedSet> {
  const { folder, paths } = Object.hasOwn(knownArchives, id)
    ? await archiveFiles(id, dataDir)
    : await datasetFiles(id, dataDir);
  const files: VerifiedFile[] = [];
  for (const path of paths) {
    onFile(path);
    const { bytes, sha256 } = await checksumsOf(path, true);
    const genuine = genuineFiles[id]?.[contentName(path)];
    const verdict = genuine === undefined ? 'unknown' : genuine.sha256 === sha256 ? 'genuine' : 'differs';
    files.push({ file: nameIn(folder, path), bytes, sha256, verdict, origin: genuine?.origin ?? null });
  }
  return { id, folder, files };
}

/** A path as seen from a folder; whole where it leads elsewhere. */
function nameIn(folder: string, path: string): string {
  const name = relative(folder, path);
  return name.startsWith('..') ? path : name;
}

/** The name under which the hash of a file's content is known: MNIST's come with dots, too. */
const contentName = (path: string): string =>
  basename(path)
    .replace(/\.gz$/, '')
    .replace(/\.(idx[13]-ubyte)$/, '-$1');

async function datasetFiles(id: string, dataDir?: string): Promise<{ folder: string; paths: string[] }> {
  const known = Object.hasOwn(knownDatasets, id) ? knownDatasets[id] : undefined;
  if (known === undefined) {
    const ids = [...Object.keys(knownDatasets), ...Object.keys(knownArchives)].join(', ');
    throw new GauntletError('UNKNOWN_DATASET', `There is no data set \`${id}\`; known are ${ids}.`);
  }
  const found = (['train', 'test'] as const).flatMap((split) => locateKnown(id, known, split, dataDir) ?? []);
  const [first] = found;
  if (first === undefined) {
    const looked = searchPath(id, known, dataDir).join(', ') || 'no folder was given';
    throw new GauntletError('DATA_NOT_FOUND', `${id} was not found; looked in: ${looked}.`, {
      help: known.obtain,
    });
  }
  const paths = await Promise.all(found.map(({ files }) => pathsOf(files)));
  return { folder: first.folder, paths: paths.flat() };
}

/** Of pictures the list alone, once all of them are known to be there. */
async function pathsOf(files: LocatedFiles): Promise<readonly string[]> {
  if (files.kind === 'idx') return [files.images, files.labels];
  if (files.kind !== 'list') return files.parts;
  const list = await completeList(files.lists);
  requireComplete(list);
  return [list.path];
}

async function archiveFiles(id: string, dataDir?: string): Promise<{ folder: string; paths: string[] }> {
  const folder = locateArchive(id, dataDir);
  if (folder === undefined) {
    throw new GauntletError('DATA_NOT_FOUND', `${id} was not found.`, { help: knownArchives[id]!.obtain });
  }
  await (await openArchive(folder)).close();
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.npy'));
  return { folder, paths: names.sort().map((name) => join(folder, name)) };
}
