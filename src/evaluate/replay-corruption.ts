import type { Split } from '../data/dataset.js';
import { GauntletError } from '../errors.js';
import { CleanOutcomes } from './clean-outcomes.js';
import type { CellSpec, CompletedCell, CorruptionPlan, ModelReference } from './cell.js';
import { contentHashOf } from './corruption-shard.js';
import type { ShardResult } from './job.js';
import type { ReplayReport } from './replay.js';
import type { Services } from './services.js';
import { runJob } from './shard.js';

const BATCH = 128;

/** What to make a corruption cell's images again with. */
export interface CorruptionReplay {
  readonly model: ModelReference;
  /** The cell's own, its folders where they are now. */
  readonly plan: CorruptionPlan;
  /** Folder that holds data sets by id. */
  readonly dataDir?: string;
  readonly services: Services;
}

/**
 * Verifies a corruption cell, which stores no images, by making them again: they must be the same by their hash, and each must
 * come to the same outcome.
 * @throws GauntletError WITNESS_INVALID when the images are others, and what opening data and plugin throws.
 */
export async function replayCorruption(
  cell: CompletedCell,
  { model, plan, dataDir, services }: CorruptionReplay,
): Promise<ReplayReport> {
  const { entry, title, seed, fingerprint, n } = cell;
  const data = {
    ...cell.data,
    split: cell.data.split as Split,
    ...(dataDir === undefined ? {} : { dataDir }),
  };
  const spec: CellSpec = { entry, title, model, data, plan, seed, fingerprint };
  const { signal } = new AbortController();
  const known = new CleanOutcomes();
  const hashes: string[] = [];
  const failures: { index: number; reason: string }[] = [];
  for (let from = 0; from < n; from += BATCH) {
    const job = {
      kind: 'shard',
      spec,
      from,
      to: Math.min(from + BATCH, n),
      batchSize: BATCH,
      states: {},
    } as const;
    const shard = (await runJob(job, services, signal, known)) as ShardResult;
    hashes.push(...shard.inputHashes);
    Array.from(shard.outcomes).forEach((now, row) => {
      const then = cell.outcomes[from + row]!;
      const reason = `ends as ${now}, the cell says ${then}`;
      if (now !== then) failures.push({ index: cell.data.indices[from + row]!, reason });
    });
  }
  const hash = contentHashOf(hashes);
  if (hash !== cell.contentHash) {
    throw new GauntletError(
      'WITNESS_INVALID',
      `The corrupted images are not those the cell was computed on: SHA-256 ${hash}, the cell says ${cell.contentHash ?? 'nothing'}.`,
    );
  }
  return {
    ...{ model: model.id, entry, of: 'corrupted-images', witnesses: n },
    ...{ verified: n - failures.length, failures },
  };
}
