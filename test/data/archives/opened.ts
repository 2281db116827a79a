import { afterEach } from '@jest/globals';
import type { CorruptedArchive } from '../../../src/data/archives/archive.js';
import { openArchive, type ArchiveOptions } from '../../../src/data/archives/open.js';

const opened: CorruptedArchive[] = [];
/** Opens an archive that the end of the test closes. */
export async function open(path: string, options?: ArchiveOptions): Promise<CorruptedArchive> {
  const archive = await openArchive(path, options);
  opened.push(archive);
  return archive;
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((archive) => archive.close()));
});
