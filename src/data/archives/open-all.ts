import type { NpyFile } from '../npy-file.js';

/**
 * Opens files and makes something of them; when one cannot be opened or the making fails, those that are open are closed.
 * @param use gets the files in the order of `opening`, and what closes all of them.
 */
export async function openAll<T>(
  opening: readonly (() => Promise<NpyFile>)[],
  use: (files: readonly NpyFile[], close: () => Promise<void>) => T,
): Promise<T> {
  const files: NpyFile[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(files.splice(0).map((file) => file.close()));
  };
  try {
    for (const open of opening) files.push(await open());
    return use([...files], close);
  } catch (error) {
    await close();
    throw error;
  }
}
