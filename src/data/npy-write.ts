import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { formatNpyHeader } from './npy.js';

/** An .npy file of bytes that is being written, under another name until it is whole. */
export interface NpyWriter {
  /** Writes whole rows of the first axis, in any order and several at a time. */
  writeRows(first: number, bytes: Uint8Array): Promise<void>;
  /**
   * Flushes the file to the disk and gives it its name.
   * @throws RangeError when fewer rows were written than the file has.
   */
  finish(): Promise<void>;
  /** Gives up: nothing is left behind. */
  abandon(): Promise<void>;
}

/**
 * Begins an .npy file of unsigned bytes. Only what is handed over is in memory, however large the file becomes.
 * @param dims the whole array's, rows first.
 * @throws what the file system throws.
 */
export async function createNpy(path: string, dims: readonly number[]): Promise<NpyWriter> {
  const part = `${path}.part`;
  const header = formatNpyHeader({ type: 'uint8', dims });
  const rowSize = dims.slice(1).reduce((product, dim) => product * dim, 1);
  const file = await open(part, 'w');
  let missing = dims[0]! * rowSize;
  try {
    await file.write(header, 0, header.length, 0);
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    async writeRows(first, bytes) {
      for (let done = 0; done < bytes.length;) {
        const position = header.length + first * rowSize + done;
        done += (await file.write(bytes, done, bytes.length - done, position)).bytesWritten;
      }
      missing -= bytes.length;
    },
    async finish() {
      if (missing !== 0) throw new RangeError(`${path}: ${missing} bytes were never written`);
      await file.sync();
      await file.close();
      await rename(part, path);
    },
    async abandon() {
      await file.close().catch(() => undefined);
      await rm(part, { force: true });
    },
  };
}

/** SHA-256 (hex) and size in bytes of a file, read piece by piece. @throws what the file system throws. */
export async function hashFile(
  path: string,
  signal?: AbortSignal,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(
    createReadStream(path),
    async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) {
        hash.update(piece);
        bytes += piece.length;
      }
    },
    { ...(signal === undefined ? {} : { signal }) },
  );
  return { sha256: hash.digest('hex'), bytes };
}
