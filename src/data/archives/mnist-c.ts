import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Split } from '../dataset.js';
import { subfolders } from '../folders.js';
import { openNpy } from '../npy-file.js';
import { parseNpy } from '../npy.js';
import { labelsOf } from '../readers/arrays.js';
import { readBytes } from '../readers/bytes.js';
import type { ArchiveParts, Level } from './archive.js';
import { byteRows, imageShape, requireAlike } from './byte-rows.js';
import { openAll } from './open-all.js';
import { severitiesIn } from './severities.js';

/** The corruptions of an MNIST-C folder: its sub-folders that hold images of the split. */
export async function mnistCNames(path: string, split: Split): Promise<string[]> {
  const folders = await subfolders(path);
  return folders.filter((name) => existsSync(join(path, name, `${split}_images.npy`)));
}

/**
 * Opens MNIST-C (Mu and Gilmer 2019): `<corruption>/{test,train}_images.npy` of bytes, N x 28 x 28 x 1, and
 * `..._labels.npy` beside it. There are no levels of severity; the one there is counts as severity 1, but where Gauntlet
 * wrote the archive and knows which it is. Only headers and labels are read.
 * @throws GauntletError DATA_NOT_FOUND, DATA_INVALID, DATA_MISMATCH.
 */
export async function openMnistC(path: string, split: Split): Promise<ArchiveParts> {
  const names = await mnistCNames(path, split);
  const written = await severitiesIn(path);
  const labels = await Promise.all(
    names.map(async (name) => {
      const file = join(path, name, `${split}_labels.npy`);
      return labelsOf(parseNpy(await readBytes(file), file), file);
    }),
  );
  return openAll(
    names.map((name) => () => openNpy(join(path, name, `${split}_images.npy`))),
    (opened, close) => {
      const shape = imageShape(opened[0]!);
      const levels = opened.map((file, i): [string, Map<number, Level>] => {
        requireAlike(file, shape, labels[i]!, `${split}_labels.npy beside it`);
        const severity = written?.get(names[i]!)?.[0] ?? 1;
        return [names[i]!, new Map([[severity, byteRows(file, 0, labels[i]!, shape)]])];
      });
      const levelled = written !== undefined;
      return { kind: 'mnist-c', path, shape, levels: new Map(levels), levelled, close };
    },
  );
}
