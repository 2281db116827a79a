import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GauntletError } from '../errors.js';

/**
 * Where an entry of an archive is unpacked, its folder made.
 * @throws GauntletError DATA_INVALID for a name that leads out of the folder.
 */
export function entryPath(folder: string, name: string, archive: string): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  const leaves = name.startsWith('/') || parts.some((part) => part === '..' || /[\\:\0]/.test(part));
  if (leaves || parts.length === 0) {
    throw new GauntletError('DATA_INVALID', `${archive} holds an entry that leads out of it: ${name}.`);
  }
  const path = join(folder, ...parts);
  mkdirSync(dirname(path), { recursive: true });
  return path;
}
