import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from './make-folder.js';
import { writeError } from './write-error.js';

/** Names of temporary files: hidden, with the process and a number of their own. */
const TEMPORARY = /^\..+\.\d+-\d+\.tmp$/;
let written = 0;

/**
 * Writes a file so that a reader, or a run that is killed in the middle, sees all of it or nothing: temporary file in the same
 * folder, flushed to the disk, renamed over the target. Folders are made as needed.
 * @throws GauntletError DISK_FULL, OUTPUT_UNWRITABLE
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  written += 1;
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${written}.tmp`);
  try {
    await makeFolder(dirname(path));
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writeError(error, path);
  }
}

/** Removes what a killed run left half written in a folder. */
export async function removeStaleFiles(folder: string): Promise<void> {
  const files = await readdir(folder).catch(() => []);
  const stale = files.filter((file) => TEMPORARY.test(file));
  await Promise.all(stale.map((file) => rm(join(folder, file), { force: true })));
}
