import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it. Not `mkdir(..., { recursive: true })`: that never returns on a file system that answers "no such
 * file" inside a folder that exists, as /proc does.
 * @throws what mkdir throws, an existing folder excepted
 */
export async function makeFolder(path: string): Promise<void> {
  const parent = dirname(path);
  if (!existsSync(parent)) await makeFolder(parent);
  await mkdir(path).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST' || !existsSync(`${path}/.`)) throw error;
  });
}
