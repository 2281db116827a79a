import type { ArchiveManifest } from '../../results/schema/archive.js';
import { plainTable } from '../../text/plain-table.js';

/** An archive's files with their hashes, and what could not be made. */
export function renderArchive({ files, unavailable }: ArchiveManifest): string {
  const rows = files.map(({ path, shape, bytes, sha256 }) => [
    path,
    shape.join(' x '),
    bytes === undefined ? '-' : bytes.toLocaleString('en-US'),
    sha256 ?? 'not finished',
  ]);
  return [
    plainTable(['file', 'shape', 'bytes', 'SHA-256'], rows, { right: [2] }),
    ...unavailable.map(({ corruption, reason }) => `${corruption} was not made: ${reason}`),
  ].join('\n');
}
