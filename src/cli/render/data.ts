import pc from 'picocolors';
import type { DataItem } from '../../pull/inventory.js';
import type { Pulled } from '../../pull/pull.js';
import type { VerifiedFile, VerifiedSet } from '../../pull/verify.js';
import { plainTable } from '../../text/plain-table.js';

const UNITS = ['B', 'KiB', 'MiB', 'GiB'] as const;

/** Bytes in the largest unit that leaves one or more of it. */
function size(bytes: number | null): string {
  if (bytes === null) return '-';
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(bytes) / 10)));
  return `${(bytes / 2 ** (10 * power)).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}

/** Data sets and archives as a table. */
export function renderInventory(items: readonly DataItem[]): string {
  const download = ({ download: files }: DataItem): string =>
    files === null ? '-' : files.bytes === null ? 'yes' : size(files.bytes);
  return plainTable(
    ['id', 'title', 'where', 'size', 'download'],
    items.map((item) => [item.id, item.title, item.where ?? '-', size(item.bytes), download(item)]),
  );
}

const VERDICTS: Readonly<Record<VerifiedFile['verdict'], (text: string) => string>> = {
  genuine: pc.green,
  differs: pc.red,
  unknown: pc.yellow,
};

/** How a known hash came to be known. */
const ORIGINS: Readonly<Record<NonNullable<VerifiedFile['origin']>, string>> = {
  publisher: 'hash from the publisher',
  copy: 'hash of a genuine copy',
  reported: 'hash as others report it',
};

/** The files of data sets, a table for each. */
export function renderVerified(sets: readonly VerifiedSet[]): string {
  if (sets.length === 0) return 'no data set is here';
  return sets
    .map(({ id, folder, files }) => {
      const rows = files.map(({ file, bytes, verdict, origin, sha256 }) => [
        file,
        size(bytes),
        VERDICTS[verdict](verdict),
        sha256,
        origin === null ? 'no hash is known' : ORIGINS[origin],
      ]);
      return `${pc.bold(id)} in ${folder}\n${plainTable(['file', 'size', 'verdict', 'SHA-256', ''], rows)}`;
    })
    .join('\n\n');
}

/** What is there now, a line each. */
export function renderPulled(files: readonly Pulled[]): string {
  return files
    .map(({ id, path, status, bytes, verified }) => {
      const checked = verified
        ? ', hash as expected'
        : status === 'present'
          ? ''
          : ', not held against any hash';
      return `${id}: ${status} ${path}${bytes === null ? '' : ` (${size(bytes)}${checked})`}`;
    })
    .join('\n');
}
