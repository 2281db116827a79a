import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { GauntletError, messageOf } from '../../errors.js';

const inflate = promisify(gunzip);

/**
 * The content of a file, decompressed when it is gzip (by its first bytes, whatever its name).
 * @throws GauntletError DATA_NOT_FOUND when it cannot be read, DATA_INVALID when the gzip stream is damaged.
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new GauntletError('DATA_NOT_FOUND', `${path} cannot be read: ${messageOf(cause)}.`, { cause });
  });
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  return inflate(bytes).catch((cause: unknown) => {
    throw new GauntletError('DATA_INVALID', `${path} is a damaged gzip file: ${messageOf(cause)}.`, {
      cause,
    });
  });
}
