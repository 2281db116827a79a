import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { knownArchives, locateArchive } from '../data/archives/known.js';
import { listDatasets } from '../data/registry.js';
import { remoteSets } from './sources.js';

/** A known data set or archive of corrupted images: where it is, or what a download would bring. */
export interface DataItem {
  readonly id: string;
  readonly title: string;
  readonly kind: 'images' | 'corrupted';
  readonly available: boolean;
  /** Folder it was found in (its test images); null when it is not available. */
  readonly where: string | null;
  /** Bytes of the files in that folder; null when it is not available. */
  readonly bytes: number | null;
  /** What `data pull` would download; null where there is nowhere to download it from, `bytes` null where unknown. */
  readonly download: { readonly files: number; readonly bytes: number | null } | null;
}

/** Every known data set and archive; reads no file. */
export async function listData(dataDir?: string): Promise<DataItem[]> {
  const images = listDatasets(dataDir).map(({ id, title, where }) => ({
    id,
    title,
    where,
    kind: 'images' as const,
  }));
  const corrupted = Object.entries(knownArchives).map(([id, { title }]) => ({
    ...{ id, title, kind: 'corrupted' as const },
    where: locateArchive(id, dataDir) ?? null,
  }));
  return Promise.all(
    [...images, ...corrupted].map(async ({ id, title, kind, where }) => ({
      ...{ id, title, kind, available: where !== null, where },
      bytes: where === null ? null : await bytesIn(where),
      download: downloadOf(id),
    })),
  );
}

function downloadOf(id: string): DataItem['download'] {
  const files = remoteSets[id];
  if (files === undefined) return null;
  const bytes = files.reduce<number | null>(
    (sum, file) => (sum === null || file.bytes === null ? null : sum + file.bytes),
    0,
  );
  return { files: files.length, bytes };
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined);
      return found?.isFile() === true ? found.size : 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
