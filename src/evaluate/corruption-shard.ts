import type { Classifier } from '../classifier/classifier.js';
import { sha256 } from '../fingerprint.js';
import { rowOf, type LabelledBatch } from '../tensor/batch.js';
import type { CellSpec, Outcome } from './cell.js';
import { confidencesOf } from './confidences.js';
import type { Corrupt } from './corrupted-images.js';
import { decidingLogits, decisionOf, inMajority, isUndecided } from './decisions.js';
import { toModelInput } from './inputs.js';
import type { ShardResult } from './job.js';
import type { Services } from './services.js';

export interface CorruptionShard {
  readonly spec: CellSpec;
  readonly corrupt: Corrupt;
  readonly classifier: Classifier;
  readonly clean: LabelledBatch;
  readonly outcomes: readonly Outcome[];
  readonly services: Services;
}

/**
 * Corrupts the images as the data set holds them (channels first, [0, 1]), then lays them out for the model. There are no
 * witnesses: corrupted images can be made again, and the hashes tell whether they are the same.
 */
export async function corruptionShard(shard: CorruptionShard): Promise<ShardResult> {
  const { clean, classifier, spec, corrupt } = shard;
  const dataset = await shard.services.dataset(spec.data);
  const corrupted = await corrupt(await dataset.read(clean.keys));
  const judged = toModelInput(corrupted, classifier.input);
  const logits = await decidingLogits(classifier, judged, { seed: spec.seed, purpose: 'judge' });
  const outcomes = shard.outcomes.map((before, row): Outcome => {
    const decision = decisionOf(logits, row, classifier.numClasses);
    if (isUndecided(decision) || before === 'i') return 'i';
    if (!inMajority(decision, (predicted) => predicted !== clean.labels[row])) return 'r';
    return before === 'w' ? 'w' : 'f';
  });
  return {
    kind: 'shard',
    stochastic: classifier.stochastic,
    clean: shard.outcomes.join(''),
    outcomes: outcomes.join(''),
    distances: outcomes.map(() => null),
    stages: [],
    tinyMargins: [],
    substitutedLosses: [],
    failures: [],
    inputHashes: inputHashes(corrupted),
    witnesses: [],
    confidences: confidencesOf(logits, classifier.numClasses, outcomes),
  };
}

/** SHA-256 of each image of a batch: its float32 values, little-endian, channels first. */
export function inputHashes(batch: LabelledBatch): string[] {
  return batch.keys.map((_key, row) => {
    const values = rowOf(batch, row);
    return sha256(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  });
}

/** One hash over a set of images: that of theirs in order, so that it does not matter how they were shared out. */
export function contentHashOf(hashes: readonly string[]): string {
  return sha256(hashes.join(''));
}
