import { createReadStream } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { GauntletError, messageOf } from '../errors.js';
import { isFolder } from '../data/folders.js';
import { writeError } from '../results/write-error.js';
import type { RemoteFile } from './sources.js';
import { unpackTar } from './tar.js';
import { unpackZip } from './zip.js';

type Unpack = (archive: string, folder: string) => Promise<void>;

type Packed = NonNullable<RemoteFile['unpack']>;

const UNPACKERS: Readonly<Record<Packed['kind'], Unpack>> = {
  tar: (archive, folder) => unpackTar(createReadStream(archive), folder, archive),
  'tar.gz': (archive, folder) => unpackTar(gunzipped(archive), folder, archive),
  zip: (archive, folder) => unpackZip(createReadStream(archive), folder, archive),
};

/**
 * Unpacks an archive beside itself, so that the folder it holds appears there whole or not at all.
 * @returns the folder
 * @throws GauntletError DATA_INVALID when it is damaged or holds no such folder, DISK_FULL, OUTPUT_UNWRITABLE
 */
export async function unpack(archive: string, { kind, folder }: Packed): Promise<string> {
  const target = join(dirname(archive), folder);
  try {
    const scratch = await mkdtemp(join(dirname(archive), '.unpacking-'));
    try {
      await UNPACKERS[kind](archive, scratch);
      if (!isFolder(join(scratch, folder))) {
        throw new GauntletError('DATA_INVALID', `${archive} holds no folder ${folder}.`);
      }
      await rename(join(scratch, folder), target);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  } catch (error) {
    throw writeError(error, target);
  }
  return target;
}

async function* gunzipped(archive: string): AsyncGenerator<Uint8Array> {
  const source = createReadStream(archive);
  const inflated = source.pipe(createGunzip());
  source.once('error', (error) => inflated.destroy(error));
  try {
    yield* inflated as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw new GauntletError('DATA_INVALID', `${archive} is a damaged gzip file: ${messageOf(cause)}.`, {
      cause,
    });
  } finally {
    source.destroy();
  }
}
