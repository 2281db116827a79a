import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GauntletError } from '../../errors.js';
import { openNpy, type NpyFile } from '../npy-file.js';
import { parseNpy } from '../npy.js';
import { labelsOf } from '../readers/arrays.js';
import { readBytes } from '../readers/bytes.js';
import type { ArchiveParts, Level } from './archive.js';
import { byteRows, imageShape, requireAlike } from './byte-rows.js';
import { openAll } from './open-all.js';
import { severitiesIn } from './severities.js';

const LABELS = 'labels.npy';
/**
 * Opens CIFAR-10-C or CIFAR-100-C (Hendrycks and Dietterich 2019): `<corruption>.npy` of bytes, 5 N x H x W x 3, all N
 * images at severity 1, then all at severity 2 and so on; `labels.npy` with the N labels five times. An archive that Gauntlet
 * wrote may have fewer severities. Only headers and labels are read.
 * @throws GauntletError DATA_NOT_FOUND, DATA_INVALID, DATA_MISMATCH.
 */
export async function openCifarC(path: string): Promise<ArchiveParts> {
  const files = (await readdir(path)).filter((file) => file.endsWith('.npy'));
  if (!files.includes(LABELS)) {
    throw new GauntletError('DATA_NOT_FOUND', `${path} has no ${LABELS}.`);
  }
  const names = files.filter((file) => file !== LABELS).map((file) => file.slice(0, -'.npy'.length));
  if (names.length === 0) {
    throw new GauntletError('DATA_NOT_FOUND', `${path} holds ${LABELS} but no corrupted images.`);
  }
  const labelFile = join(path, LABELS);
  const labels = labelsOf(parseNpy(await readBytes(labelFile), labelFile), labelFile);
  const severities = await severitiesIn(path);

  return openAll(
    names.sort().map((name) => () => openNpy(join(path, `${name}.npy`))),
    (opened, close) => {
      const shape = imageShape(opened[0]!);
      const levels = opened.map((file, i) => [names[i]!, levelsOf(file, labels, shape, severities)] as const);
      return { kind: 'cifar-c', path, shape, levels: new Map(levels), close };
    },
  );
}

function levelsOf(
  file: NpyFile,
  labels: Int32Array,
  shape: ArchiveParts['shape'],
  severities: readonly number[],
): Map<number, Level> {
  requireAlike(file, shape, labels, LABELS);
  const rows = labels.length;
  if (rows % severities.length !== 0) {
    const received = `${rows} images, which is no multiple of the ${severities.length} severities`;
    throw new GauntletError('DATA_INVALID', `${file.path} holds ${received}.`);
  }
  const length = rows / severities.length;
  return new Map(
    severities.map((severity, i) => [
      severity,
      byteRows(file, i * length, labels.subarray(i * length, (i + 1) * length), shape),
    ]),
  );
}
