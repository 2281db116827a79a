import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import { GauntletError, messageOf } from '../errors.js';

/** Hashes of a file, in hex, and the number of bytes they are of. */
export interface Checksums {
  readonly bytes: number;
  readonly md5: string;
  readonly sha256: string;
}

/**
 * Hashes of a file, read piece by piece.
 * @param content of what a gzip file holds instead of the file itself.
 * @throws GauntletError DATA_NOT_FOUND, DATA_INVALID for a damaged gzip file.
 */
export async function checksumsOf(path: string, content = false): Promise<Checksums> {
  const hashes = { md5: createHash('md5'), sha256: createHash('sha256') };
  let bytes = 0;
  const count = async (pieces: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const piece of pieces) {
      bytes += piece.length;
      hashes.md5.update(piece);
      hashes.sha256.update(piece);
    }
  };
  try {
    const file = createReadStream(path, { highWaterMark: 2 ** 20 });
    if (content && (await isGzip(path))) await pipeline(file, createGunzip(), count);
    else await pipeline(file, count);
  } catch (cause) {
    const damaged = (cause as NodeJS.ErrnoException).code?.startsWith('Z_') ?? false;
    throw damaged
      ? new GauntletError('DATA_INVALID', `${path} is a damaged gzip file: ${messageOf(cause)}.`, { cause })
      : new GauntletError('DATA_NOT_FOUND', `${path} cannot be read: ${messageOf(cause)}.`, { cause });
  }
  return { bytes, md5: hashes.md5.digest('hex'), sha256: hashes.sha256.digest('hex') };
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}
