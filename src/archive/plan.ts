import type { Dataset } from '../data/dataset.js';
import { GauntletError } from '../errors.js';
import type { CellSpec, CorruptionPlan } from '../evaluate/cell.js';
import { planCorruption } from '../evaluate/plan-corruption.js';
import type { PlanContext } from '../evaluate/plan-context.js';
import { fingerprintOf } from '../fingerprint.js';
import { packageVersion } from '../resources.js';
import type { ArchiveFile, ArchiveManifest } from '../results/schema/archive.js';
import { suiteFingerprint } from '../suite/fingerprint.js';
import { keepCorruptions } from '../suite/narrow-corruptions.js';
import { referenceName } from '../suite/reference.js';
import { suiteIndices, type Suite } from '../suite/suite.js';
import { outlineOf, type ArchiveOutline } from './layout.js';

/** Labels are bytes, as in the official archives. */
const MOST_CLASSES = 256;

/** A file of images, and how each severity of it is made. */
export interface ImageFile {
  readonly record: ArchiveFile;
  readonly corruption: string;
  readonly plans: readonly CorruptionPlan[];
}

/** A file of labels: those of the first examples, over and over. */
export interface LabelFile {
  readonly record: ArchiveFile;
  readonly repeats: number;
}

/** What an archive is made of, and what its manifest says before anything is written. */
export interface ArchivePlan {
  readonly manifest: ArchiveManifest;
  readonly data: CellSpec['data'];
  readonly images: readonly ImageFile[];
  readonly labels: readonly LabelFile[];
}

/**
 * Plans the archive of a suite.
 * @param corruptions write only those of these ids or globs, now; the archive is the same one
 * @throws GauntletError SUITE_INVALID when the suite makes no archive, or has no such corruption; DATA_INVALID for data that are no
 *   images; what planCorruption throws.
 */
export async function planArchive(
  suite: Suite,
  corruptions: readonly string[] | undefined,
  dataset: Dataset,
  data: CellSpec['data'],
  context: Pick<PlanContext, 'services' | 'plugins' | 'textures'>,
): Promise<ArchivePlan> {
  const outline = outlineOf(corruptions === undefined ? suite : narrowed(suite, corruptions));
  requireFromStart(suite);
  const [channels, height, width] = imageShape(dataset);
  const { layout, severities } = outline;
  const n = data.indices.length;
  const made = { data: dataset.fingerprint, split: data.split, n, seed: suite.seed, severities };
  const rows = n * severities.length;
  const recordOf = (path: string, dims: readonly number[], content: Partial<ArchiveFile>): ArchiveFile => {
    const file = { path, shape: [...dims], toolVersion: packageVersion, ...content };
    return { ...file, fingerprint: fingerprintOf({ ...made, ...file }) };
  };
  const images = await Promise.all(
    outline.entries.map(async (entry): Promise<ImageFile> => {
      const plans = (await planCorruption(entry, context)).map(({ plan }) => plan);
      const path = layout.images(entry.corruption, data.split);
      const record = recordOf(path, [rows, height, width, channels], { source: sourceOf(plans) });
      return { record, corruption: entry.corruption, plans };
    }),
  );
  const labelPaths = new Set(outline.entries.map(({ corruption }) => layout.labels(corruption, data.split)));
  const labels = [...labelPaths].map((path): LabelFile => {
    return { record: recordOf(path, [rows], {}), repeats: severities.length };
  });
  const records = [...labels, ...images].map(({ record }) => record);
  return { manifest: manifestOf(suite, outline, dataset, data, records), data, images, labels };
}

function manifestOf(
  suite: Suite,
  { layout, severities }: ArchiveOutline,
  dataset: Dataset,
  { source, split, indices }: CellSpec['data'],
  files: readonly ArchiveFile[],
): ArchiveManifest {
  return {
    schemaVersion: 1,
    kind: 'archive',
    layout: layout.id,
    suite: { id: suite.id, version: suite.version, fingerprint: suiteFingerprint(suite) },
    data: { source: referenceName(source), split, fingerprint: dataset.fingerprint, n: indices.length },
    seed: suite.seed,
    severities: [...severities],
    files: [...files].sort((a, b) => (a.path < b.path ? -1 : 1)),
    unavailable: [],
  };
}

const narrowed = (suite: Suite, corruptions: readonly string[]): Suite => ({
  ...suite,
  entries: keepCorruptions(suite, corruptions),
});

function sourceOf(plans: readonly CorruptionPlan[]): NonNullable<ArchiveFile['source']> {
  const { corruption, profile, quirks, textures } = plans[0]!;
  const { id, version, sha256 } = corruption;
  return {
    corruption: { id, version, ...(sha256 === undefined ? {} : { sha256 }) },
    ...{ profile, quirks },
    ...(textures === undefined ? {} : { textures: textures.sha256 }),
    levels: plans.map(({ severity, parameters }) => ({ severity, parameters: { ...parameters } })),
  };
}

/** Rows of an archive are numbered like the examples of the data set. */
function requireFromStart(suite: Suite): void {
  const stray = suiteIndices(suite).findIndex((index, row) => index !== row);
  if (stray < 0) return;
  throw new GauntletError(
    'SUITE_INVALID',
    `${suite.id} makes no archive: it lists examples one by one, and an archive holds the first ones in order.`,
  );
}

function imageShape({ shape, id, numClasses }: Dataset): readonly [number, number, number] {
  const [channels, height, width] = shape;
  if (shape.length !== 3) {
    const received = `the examples of ${id} have shape [${shape.join(', ')}]`;
    throw new GauntletError(
      'DATA_INVALID',
      `Corruptions need images [channels, height, width]; ${received}.`,
    );
  }
  if (numClasses > MOST_CLASSES) {
    throw new GauntletError(
      'DATA_INVALID',
      `Archives hold labels as bytes; ${id} has ${numClasses} classes, more than ${MOST_CLASSES}.`,
    );
  }
  return [channels!, height!, width!];
}
