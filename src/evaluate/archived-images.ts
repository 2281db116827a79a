import type { CorruptedArchive } from '../data/archives/archive.js';
import type { Dataset } from '../data/dataset.js';
import { GauntletError } from '../errors.js';
import type { LabelledBatch } from '../tensor/batch.js';
import type { ArchiveReference } from './cell.js';
import { contentHashOf, inputHashes } from './corruption-shard.js';

/** Images read at once to be hashed. */
const CHUNK = 128;

/** Examples of a data set, and an archive of their corrupted versions. */
export interface ArchivedExamples {
  readonly archive: CorruptedArchive;
  readonly dataset: Dataset;
  readonly indices: readonly number[];
}

/** One corruption at one severity. */
interface Level {
  readonly corruption: string;
  readonly severity: number;
}

/**
 * An archive as a plan names it: by the content of the images that a cell will read, which are read once for it. Where it does not
 * hold them there is no such hash, and the cell will fail.
 * @throws GauntletError what readArchived throws
 */
export async function referenceArchive(
  { archive, dataset, indices }: ArchivedExamples,
  level: Level,
): Promise<ArchiveReference> {
  const { kind, path: folder, names, clean } = archive;
  const { corruption, severity } = level;
  const known = names.includes(corruption) || clean === corruption;
  if (!known || !archive.severities(corruption).includes(severity)) return { folder, kind };
  const hashes: string[] = [];
  for (let from = 0; from < indices.length; from += CHUNK) {
    const originals = await dataset.read(indices.slice(from, from + CHUNK));
    hashes.push(...inputHashes(await readArchived(archive, level, originals)));
  }
  return { folder, kind, sha256: contentHashOf(hashes) };
}

/**
 * What an archive holds of these images under a corruption. An archive that numbers its images otherwise, or is of other data,
 * shows in its labels.
 * @param originals as the data set holds them; keys are indices into both
 * @throws GauntletError DATA_MISMATCH when shapes or labels are not those of the originals, and what reading throws
 */
export async function readArchived(
  archive: CorruptedArchive,
  { corruption, severity }: Level,
  originals: LabelledBatch,
): Promise<LabelledBatch> {
  const { path } = archive;
  const corrupted = await archive.read(corruption, severity, originals.keys);
  if (corrupted.shape.join() !== originals.shape.join()) {
    const sizes = `[${corrupted.shape.join(', ')}], those of the data set [${originals.shape.join(', ')}]`;
    throw new GauntletError('DATA_MISMATCH', `The images of ${path} have shape ${sizes}.`);
  }
  const stray = corrupted.labels.findIndex((label, row) => label !== originals.labels[row]);
  if (stray >= 0) {
    const labels = `${corrupted.labels[stray]} in ${path}, ${originals.labels[stray]} in the data set`;
    throw new GauntletError('DATA_MISMATCH', `Example ${originals.keys[stray]} has the label ${labels}.`, {
      help: 'Give the archive that was made from the suite’s data set and split.',
    });
  }
  return corrupted;
}
