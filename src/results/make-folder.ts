import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it. Not `mkdir(..., { recursive: true })`: that never returns on a file system that answers "no such
 * file" inside a folder that exists, as /proc does.
 * @throws what mkdir throws, an existing folder excepted
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && existsSync(`${path}/.`)) return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path || existsSync(parent)) throw error;
    await makeFolder(parent);
    await makeFolder(path);
  }
}
