import { resolve } from 'node:path';
import { openArchiveFolder } from '../archive/folder.js';
import { planArchive, type ArchivePlan } from '../archive/plan.js';
import { writeArchive, type FailedFile } from '../archive/write.js';
import type { Dataset } from '../data/dataset.js';
import { requireIndices } from '../evaluate/plan.js';
import type { DamagedFile } from '../results/layout.js';
import type { ArchiveManifest } from '../results/schema/archive.js';
import { deriveSuite, type SuiteChanges } from '../suite/derive.js';
import { findSuite } from '../suite/find.js';
import { suiteIndices } from '../suite/suite.js';
import { openRuntime, type ExecutionOptions, type RuntimeOptions } from './runtime.js';

/** Whose corruptions to write, and of what. */
export interface CorruptSuiteRequest extends Pick<
  SuiteChanges,
  'data' | 'examples' | 'corruptions' | 'severities' | 'seed'
> {
  /** Built-in id or path of a suite file. */
  readonly suite: string;
  /** Folder of the archive. */
  readonly out: string;
  /** Whether to keep what an earlier run has finished; true by default. */
  readonly resume?: boolean;
}

export interface CorruptSuiteOptions extends RuntimeOptions, Omit<ExecutionOptions, 'batchSize'> {
  readonly onPlan?: (plan: ArchivePlan, kept: ReadonlySet<string>) => void;
  readonly onProgress?: (fraction: number, label: string) => void;
  /** Told of finished files that are damaged and made again. */
  readonly onDamaged?: (damaged: DamagedFile) => void;
}

/** An archive as it is now. */
export interface CorruptedSuite {
  readonly folder: string;
  readonly manifest: ArchiveManifest;
  /** Corruptions that broke; the others were made. */
  readonly failures: readonly FailedFile[];
}

/** Labels read at once: their images come with them. */
const CHUNK = 256;

/**
 * Writes the corrupted images of a suite as an archive in the official layout: of CIFAR-10-C for the profile `cifar`, of MNIST-C for
 * `mnist`. `corruptions` chooses which of them to write now; the others can be added later.
 * @throws GauntletError for suites, data and plugins that make no sense, FILE_EXISTS when the folder holds something else,
 *   OUTPUT_UNWRITABLE, DISK_FULL; the signal's reason when aborted. Finished files stay.
 */
export async function corruptSuite(
  request: CorruptSuiteRequest,
  options: CorruptSuiteOptions = {},
): Promise<CorruptedSuite> {
  const { suite: name, out, resume = true, corruptions, ...changes } = request;
  const { signal = new AbortController().signal, onPlan, onProgress, onDamaged } = options;
  const suite = deriveSuite(await findSuite(name), changes);
  const folder = resolve(out);
  const runtime = await openRuntime(options);
  try {
    const { services, dataDir } = runtime.planning;
    const reference = { ...suite.dataset, ...(dataDir === undefined ? {} : { dataDir }) };
    const indices = suiteIndices(suite);
    const dataset = await services.dataset({ ...reference, fingerprint: '', indices: [] });
    requireIndices(dataset, indices);
    const data = { ...reference, fingerprint: dataset.fingerprint, indices };
    const plan = await planArchive(suite, corruptions, dataset, data, runtime.planning);
    const archive = await openArchiveFolder(folder, plan.manifest, {
      ...{ resume, signal },
      ...(onDamaged === undefined ? {} : { onDamaged }),
    });
    onPlan?.(plan, archive.kept);
    const labels = await labelsOf(dataset, indices);
    const executor = runtime.executor(options, []);
    try {
      const failures = await writeArchive(plan, archive, labels, {
        ...{ executor, signal },
        ...(onProgress === undefined ? {} : { onProgress }),
      });
      return { folder, manifest: archive.manifest(), failures };
    } finally {
      await executor.close();
    }
  } finally {
    await runtime.close();
  }
}

async function labelsOf(dataset: Dataset, indices: readonly number[]): Promise<Uint8Array> {
  const labels = new Uint8Array(indices.length);
  for (let from = 0; from < indices.length; from += CHUNK) {
    const { labels: some } = await dataset.read(indices.slice(from, from + CHUNK));
    labels.set(some, from);
  }
  return labels;
}
