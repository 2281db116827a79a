import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GauntletError, messageOf } from '../errors.js';

/**
 * Names of the sub-folders of a folder, or of links to some, sorted by code units; hidden ones are left out.
 * @throws GauntletError DATA_NOT_FOUND when the folder cannot be read.
 */
export async function subfolders(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((cause: unknown) => {
    throw new GauntletError('DATA_NOT_FOUND', `${path} cannot be read: ${messageOf(cause)}.`, { cause });
  });
  return entries
    .filter((entry) => !entry.name.startsWith('.'))
    .filter((entry) => entry.isDirectory() || (entry.isSymbolicLink() && isFolder(join(path, entry.name))))
    .map(({ name }) => name)
    .sort();
}

/** Whether there is a folder of that name. */
export const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
