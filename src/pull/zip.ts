import { closeSync, openSync, writeSync } from 'node:fs';
import { Unzip, UnzipInflate } from 'fflate';
import { GauntletError, messageOf } from '../errors.js';
import { entryPath } from './entry-file.js';

/**
 * Unpacks the files of a zip stream.
 * @param archive how messages call it.
 * @throws GauntletError DATA_INVALID when it is truncated, damaged, or holds names that lead out of the folder.
 */
export async function unpackZip(
  pieces: AsyncIterable<Uint8Array>,
  folder: string,
  archive: string,
): Promise<void> {
  const invalid = (reason: string, cause?: unknown): GauntletError =>
    new GauntletError('DATA_INVALID', `${archive} is a damaged zip archive: ${reason}.`, { cause });
  const open = new Set<number>();
  let entries = 0;
  const unzip = new Unzip((entry) => {
    entries++;
    if (entry.name.endsWith('/')) return;
    const file = openSync(entryPath(folder, entry.name, archive), 'w');
    open.add(file);
    entry.ondata = (error, piece, last) => {
      // Null when nothing is wrong, whatever its type says.
      if (error instanceof Error) throw error;
      writeSync(file, piece);
      if (!last) return;
      closeSync(file);
      open.delete(file);
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  try {
    for await (const piece of pieces) unzip.push(piece);
    unzip.push(new Uint8Array(0), true);
  } catch (error) {
    if (error instanceof GauntletError || 'syscall' in (error as object)) throw error;
    throw invalid(messageOf(error), error);
  } finally {
    for (const file of open) closeSync(file);
  }
  if (open.size > 0) throw invalid('it is truncated');
  if (entries === 0) throw invalid('it holds no files');
}
