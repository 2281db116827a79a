import { dirname, join } from 'node:path';
import { createNpy, hashFile, type NpyWriter } from '../data/npy-write.js';
import { GauntletError, messageOf } from '../errors.js';
import { contentHashOf } from '../evaluate/corruption-shard.js';
import type { Executor } from '../evaluate/executor.js';
import { isNotApplicable } from '../evaluate/run.js';
import { makeFolder } from '../results/make-folder.js';
import type { ArchiveFile, ArchiveManifest } from '../results/schema/archive.js';
import { writeError } from '../results/write-error.js';
import type { ArchiveFolder } from './folder.js';
import type { ArchivePlan, ImageFile, LabelFile } from './plan.js';

/** Images of a job: small enough for live progress, and for a few of them in memory at once. */
const CHUNK = 128;
/** Labels written at once. */
const LABEL_CHUNK = 65_536;

export interface WriteOptions {
  readonly executor: Executor;
  readonly signal: AbortSignal;
  /** `fraction` of all images is there; `label` says what is being made. */
  readonly onProgress?: (fraction: number, label: string) => void;
}

/** A corruption that broke; the others were made. */
export interface FailedFile {
  readonly corruption: string;
  readonly reason: string;
}

/** One severity's worth of images to be made for a stretch of examples. */
interface Chunk {
  readonly level: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Writes the files of an archive that are not there yet, one after the other, each by all workers at once. What is in memory does
 * not depend on how many images there are, and the bytes not on how many workers. A corruption that does not apply to the images is
 * noted as unavailable, one that breaks is returned; the others go on.
 * @param labels all labels of the data, in order
 * @throws GauntletError OUTPUT_UNWRITABLE, DISK_FULL; the signal's reason when aborted. Finished files stay.
 */
export async function writeArchive(
  plan: ArchivePlan,
  folder: ArchiveFolder,
  labels: Uint8Array,
  options: WriteOptions,
): Promise<FailedFile[]> {
  const failures: FailedFile[] = [];
  const left = plan.images.filter(({ record }) => !folder.kept.has(record.path));
  let made = 0;
  const total = left.reduce((sum, { record }) => sum + record.shape[0]!, 0);
  for (const file of plan.labels) {
    if (!folder.kept.has(file.record.path)) await folder.note(await writeLabels(file, folder.path, labels));
  }
  for (const file of left) {
    const { corruption } = file;
    const advance = (images: number): void => {
      made += images;
      options.onProgress?.(made / total, corruption);
    };
    try {
      await folder.note(await writeImages(file, plan, folder.path, advance, options));
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof GauntletError) || error.key === 'DISK_FULL' || error.key === 'OUTPUT_UNWRITABLE')
        throw error;
      if (isNotApplicable(error)) await folder.note(unavailable(corruption, error));
      else failures.push({ corruption, reason: messageOf(error) });
    }
  }
  return failures;
}

const unavailable = (
  corruption: string,
  { code, message }: GauntletError,
): ArchiveManifest['unavailable'][number] => ({ corruption, code, reason: message });

async function writeImages(
  { record, plans }: ImageFile,
  { data, manifest: { seed } }: ArchivePlan,
  folder: string,
  advance: (images: number) => void,
  { executor, signal }: WriteOptions,
): Promise<ArchiveFile> {
  const n = data.indices.length;
  const size = Math.max(1, Math.min(CHUNK, Math.ceil(n / executor.parallelism)));
  const hashes = plans.map((): string[] => []);
  return written(record, folder, async (writer) => {
    const one = async ({ level, from, to }: Chunk): Promise<void> => {
      const job = { kind: 'corrupt', data, plan: plans[level]!, seed, from, to } as const;
      const result = await executor.submit(job, signal);
      if (result.kind !== 'corrupted')
        throw new GauntletError('INTERNAL', `A job of corrupted images answered with ${result.kind}.`);
      await writer.writeRows(level * n + from, result.pixels);
      result.inputHashes.forEach((hash, i) => (hashes[level]![from + i] = hash));
      advance(to - from);
    };
    await inLanes(chunksOf(plans.length, n, size), executor.parallelism * 2, one);
    const source = record.source!;
    const levels = source.levels.map((each, i) => ({ ...each, contentHash: contentHashOf(hashes[i]!) }));
    return { ...record, source: { ...source, levels } };
  });
}

function* chunksOf(levels: number, n: number, size: number): Generator<Chunk> {
  for (let level = 0; level < levels; level++) {
    for (let from = 0; from < n; from += size) yield { level, from, to: Math.min(from + size, n) };
  }
}

/** Does the work of every item, so many at a time; the first failure stops what has not begun. */
async function inLanes<T>(
  items: Iterable<T>,
  lanes: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  let failed = false;
  const lane = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true && !failed; next = queue.next()) {
      await work(next.value).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const results = await Promise.allSettled(Array.from({ length: lanes }, lane));
  const bad = results.find((result) => result.status === 'rejected');
  if (bad !== undefined) throw bad.reason;
}

/** Writes labels, `repeats` times over. */
async function writeLabels(
  { record, repeats }: LabelFile,
  folder: string,
  labels: Uint8Array,
): Promise<ArchiveFile> {
  return written(record, folder, async (writer) => {
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (let from = 0; from < labels.length; from += LABEL_CHUNK) {
        await writer.writeRows(repeat * labels.length + from, labels.subarray(from, from + LABEL_CHUNK));
      }
    }
    return record;
  });
}

/** A file from its first byte to its name, its hash and its size. */
async function written(
  { path, shape }: ArchiveFile,
  folder: string,
  fill: (writer: NpyWriter) => Promise<ArchiveFile>,
): Promise<ArchiveFile> {
  const target = join(folder, path);
  let writer: NpyWriter | undefined;
  try {
    await makeFolder(dirname(target));
    writer = await createNpy(target, shape);
    const record = await fill(writer);
    await writer.finish();
    return { ...record, ...(await hashFile(target)) };
  } catch (error) {
    await writer?.abandon();
    throw writeError(error, target);
  }
}
