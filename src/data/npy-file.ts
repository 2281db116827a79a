import { open, type FileHandle } from 'node:fs/promises';
import { GauntletError, messageOf } from '../errors.js';
import { npyStart, parseNpyHeader, requireWhole, type NpyHeader } from './npy.js';

/** Enough for every header NumPy writes for a plain array; a longer one is read again. */
const FIRST = 4096;

/** An .npy file of bytes on disk, read by rows of its first axis. */
export interface NpyFile {
  readonly path: string;
  readonly dims: readonly number[];
  /**
   * Rows one after the other, in the order asked for; rows that follow each other are one read.
   * @throws GauntletError DATA_INVALID when the file has become shorter.
   */
  readRows(rows: readonly number[]): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Opens an .npy of unsigned bytes and reads nothing but its header. The caller closes it.
 * @throws GauntletError DATA_NOT_FOUND; DATA_INVALID for another type of values or a file shorter than its header says.
 */
export async function openNpy(path: string): Promise<NpyFile> {
  const file = await open(path).catch((cause: unknown) => {
    throw new GauntletError('DATA_NOT_FOUND', `${path} cannot be read: ${messageOf(cause)}.`, { cause });
  });
  try {
    const header = await readHeader(file, path);
    if (header.type !== 'uint8') {
      throw new GauntletError('DATA_INVALID', `${path} holds values of type ${header.type}; expected uint8.`);
    }
    requireWhole(header, (await file.stat()).size - header.start, path);
    return npyFile(file, path, header);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readHeader(file: FileHandle, path: string): Promise<NpyHeader> {
  const first = Buffer.alloc(FIRST);
  const { bytesRead } = await file.read(first, 0, FIRST, 0);
  const start = npyStart(first.subarray(0, bytesRead), path);
  if (start <= bytesRead) return parseNpyHeader(first.subarray(0, bytesRead), path);
  // A damaged length must not allocate what the file does not hold.
  const whole = Buffer.alloc(Math.min(start, (await file.stat()).size));
  await file.read(whole, 0, whole.length, 0);
  return parseNpyHeader(whole, path);
}

function npyFile(file: FileHandle, path: string, { dims, start, bytes }: NpyHeader): NpyFile {
  const size = bytes / (dims[0] ?? 1);
  return {
    path,
    dims,
    readRows: async (rows) => {
      const out = new Uint8Array(rows.length * size);
      for (let from = 0; from < rows.length;) {
        let to = from + 1;
        while (to < rows.length && rows[to] === rows[to - 1]! + 1) to++;
        const length = (to - from) * size;
        const { bytesRead } = await file.read(out, from * size, length, start + rows[from]! * size);
        if (bytesRead < length) {
          throw new GauntletError('DATA_INVALID', `${path} ends before row ${rows[to - 1]}.`);
        }
        from = to;
      }
      return out;
    },
    close: () => file.close(),
  };
}
