import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { knownArchives } from '../data/archives/known.js';
import { isFolder } from '../data/folders.js';
import { knownDatasets } from '../data/known.js';
import { GauntletError } from '../errors.js';
import { didYouMean } from '../text/suggest.js';
import { download, type DownloadOptions } from './download.js';
import { remoteSets, type RemoteFile, type RemoteSets } from './sources.js';
import { unpack } from './unpack.js';

export interface PullRequest {
  /** Data sets and archives of corrupted images. */
  readonly ids: readonly string[];
  /** Folder that holds data sets by id; each goes into DIR/<id>. */
  readonly dataDir: string;
  /** Address of a server that has the files as <mirror>/<id>/<file>; nothing else is asked then. */
  readonly mirror?: string;
  /** Takes files that no hash is known of. */
  readonly unverified?: boolean;
  /** Keeps what was unpacked. */
  readonly keepPacked?: boolean;
}

export interface PullOptions extends Omit<DownloadOptions, 'onBytes'> {
  /** Called with the share (0 to 1) of the files done and what is being done. */
  readonly onProgress?: (fraction: number, label: string) => void;
  /** What can be downloaded; by default what the package knows. */
  readonly sets?: RemoteSets;
}

/** A file that is there now, or the folder it was unpacked to. */
export interface Pulled {
  readonly id: string;
  readonly path: string;
  readonly status: 'downloaded' | 'unpacked' | 'present';
  /** Size and SHA-256 of what was downloaded; null where an unpacked folder was there before. */
  readonly bytes: number | null;
  readonly sha256: string | null;
  /** Whether it was held against a known hash. */
  readonly verified: boolean;
}

/**
 * Downloads the files of data sets, checks their hashes and unpacks them. What is there already stays as it is.
 * @throws GauntletError UNKNOWN_DATASET, DATA_NOT_FOUND (a data set that is nowhere to download), USAGE (no known hash, or a
 *   mirror that is no address), and what download and unpack throw; the signal's reason
 */
export async function pullSets(request: PullRequest, options: PullOptions): Promise<Pulled[]> {
  const { ids, dataDir, mirror, unverified = false, keepPacked = false } = request;
  const sets = options.sets ?? remoteSets;
  const wanted = ids.flatMap((id) => filesOf(id, sets).map((file) => ({ id, file: at(file, id, mirror) })));
  const unknown = wanted.find(({ file }) => file.hashes.length === 0);
  if (unknown !== undefined && !unverified) {
    throw new GauntletError('USAGE', `No hash of ${unknown.file.name} is known.`, {
      help: 'Give --unverified to take it as it comes.',
    });
  }
  const pulled: Pulled[] = [];
  for (const [i, { id, file }] of wanted.entries()) {
    const label = (what: string) => `${id}: ${what}`;
    const share = (part: number) => (i + part) / wanted.length;
    const verified = file.hashes.length > 0;
    const folder = join(dataDir, id);
    const unpacked = file.unpack && join(folder, file.unpack.folder);
    if (unpacked !== undefined && isFolder(unpacked)) {
      pulled.push({ id, path: unpacked, status: 'present', bytes: null, sha256: null, verified: false });
      continue;
    }
    const { path, status, bytes, sha256 } = await download(file, join(folder, file.name), {
      ...options,
      onBytes: (received, total) => {
        const size = total ?? file.bytes;
        const of = size === null ? '' : ` of ${mebibytes(size)}`;
        const part = size === null ? 0 : Math.min(received / size, 1);
        options.onProgress?.(share(part), label(`${file.name}, ${mebibytes(received)}${of} MiB`));
      },
    });
    if (file.unpack === undefined) {
      pulled.push({ id, path, status, bytes, sha256, verified });
      continue;
    }
    options.signal.throwIfAborted();
    options.onProgress?.(share(1), label(`unpacking ${file.name}`));
    pulled.push({
      ...{ id, path: await unpack(path, file.unpack), status: 'unpacked' },
      ...{ bytes, sha256, verified },
    });
    if (!keepPacked) await rm(path);
  }
  return pulled;
}

function filesOf(id: string, sets: RemoteSets): readonly RemoteFile[] {
  const files = Object.hasOwn(sets, id) ? sets[id] : undefined;
  if (files !== undefined) return files;
  const known = { ...knownDatasets, ...knownArchives };
  if (Object.hasOwn(known, id)) {
    throw new GauntletError('DATA_NOT_FOUND', `There is nowhere to download ${id} from.`, {
      help: known[id]!.obtain,
    });
  }
  const ids = Object.keys(sets);
  const hint = didYouMean(id, ids) || `; known are ${ids.join(', ')}`;
  throw new GauntletError('UNKNOWN_DATASET', `There is no data set \`${id}\`${hint}.`);
}

function at(file: RemoteFile, id: string, mirror: string | undefined): RemoteFile {
  if (mirror === undefined) return file;
  if (!/^https?:\/\//.test(mirror) || !URL.canParse(mirror)) {
    throw new GauntletError('USAGE', `A mirror is an http or https address, received "${mirror}".`);
  }
  return { ...file, urls: [`${mirror.replace(/\/+$/, '')}/${id}/${file.name}`] };
}

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
