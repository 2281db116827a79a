import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GauntletError, messageOf } from '../errors.js';
import type { TemplateFile } from './templates.js';

/**
 * Writes files that must not exist yet: all of them or none.
 * @returns their paths
 * @throws GauntletError FILE_EXISTS, OUTPUT_UNWRITABLE
 */
export function writeNewFiles(folder: string, files: readonly TemplateFile[]): string[] {
  const paths = files.map((file) => join(folder, file.path));
  const taken = paths.find((path) => existsSync(path));
  if (taken !== undefined) throw new GauntletError('FILE_EXISTS', `${taken} exists already.`);
  try {
    mkdirSync(folder, { recursive: true });
    files.forEach((file, i) => writeFileSync(paths[i]!, file.content, { flag: 'wx' }));
  } catch (error) {
    throw new GauntletError('OUTPUT_UNWRITABLE', `${folder} cannot be written: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return paths;
}
