import type { Classifier } from '../classifier/classifier.js';
import { GauntletError } from '../errors.js';
import type { CorruptionPlugin, Image } from '../plugin/corruption.js';
import { keyedStream } from '../random/keyed.js';
import { sha256 } from '../fingerprint.js';
import { exampleSize, rowOf, withData, type LabelledBatch } from '../tensor/batch.js';
import type { CellPlan, CellSpec, Outcome } from './cell.js';
import { decidingLogits, decisionOf, inMajority, isUndecided } from './decisions.js';
import { toModelInput } from './inputs.js';
import type { ShardResult, Witness } from './job.js';
import type { Services } from './services.js';

type CorruptionPlan = Extract<CellPlan, { kind: 'corruption' }>;

export interface CorruptionShard {
  readonly spec: CellSpec;
  readonly plan: CorruptionPlan;
  readonly classifier: Classifier;
  readonly clean: LabelledBatch;
  readonly outcomes: readonly Outcome[];
  readonly services: Services;
}

/**
 * Corrupts the images as the data set holds them (channels first, [0, 1]), then lays them out for the model. Draws are
 * keyed by (seed, corruption, severity, image index).
 */
export async function corruptionShard(shard: CorruptionShard): Promise<ShardResult> {
  const { clean, classifier, spec, plan } = shard;
  const plugin = await shard.services.corruption(plan.corruption);
  const dataset = await shard.services.dataset(spec.data);
  const originals = await dataset.read(clean.keys);
  const corrupted = corruptBatch(originals, plugin, plan, spec.seed);
  const judged = toModelInput(corrupted, classifier.input);
  const logits = await decidingLogits(classifier, judged, { seed: spec.seed, purpose: 'judge' });
  const witnesses: Witness[] = [];
  const outcomes = shard.outcomes.map((before, row): Outcome => {
    const decision = decisionOf(logits, row, classifier.numClasses);
    if (isUndecided(decision) || before === 'i') return 'i';
    if (!inMajority(decision, (predicted) => predicted !== clean.labels[row])) return 'r';
    if (before === 'w') return 'w';
    witnesses.push({
      index: clean.keys[row]!,
      label: clean.labels[row]!,
      target: -1,
      stage: 0,
      clean: rowOf(clean, row).slice(),
      adversarial: rowOf(judged, row).slice(),
    });
    return 'f';
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
    inputHashes: clean.keys.map((_key, row) => {
      const bytes = rowOf(corrupted, row);
      return sha256(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    }),
    witnesses,
  };
}

/**
 * Applies a corruption to every image of a batch that is laid out channels first.
 * @throws GauntletError THREAT_UNSUPPORTED for data that are not images, PLUGIN_FAILED for a result of another size or
 * with values that are not finite or outside [0, 1].
 */
export function corruptBatch(
  batch: LabelledBatch,
  plugin: CorruptionPlugin,
  plan: Pick<CorruptionPlan, 'severity' | 'parameters' | 'profile' | 'quirks'>,
  seed: number,
): LabelledBatch {
  if (batch.shape.length !== 3) {
    throw new GauntletError(
      'THREAT_UNSUPPORTED',
      `Corruptions need images [channels, height, width]; the data are [${batch.shape.join(', ')}].`,
    );
  }
  const shape = batch.shape as unknown as Image['shape'];
  const { id } = plugin.metadata;
  const size = exampleSize(batch);
  const data = new Float32Array(batch.data.length);
  const { parameters, profile, quirks } = plan;
  const setting = { profile, quirks };
  batch.keys.forEach((key, row) => {
    const random = keyedStream(seed, key, `corruption/${id}/${plan.severity}`);
    const drawn = plugin.sample(random, parameters, shape, setting);
    const image = plugin.apply({ shape, data: rowOf(batch, row).slice() }, drawn, parameters, setting);
    if (image.length !== size || !image.every((value) => value >= 0 && value <= 1)) {
      throw new GauntletError(
        'PLUGIN_FAILED',
        `The corruption ${id} returned an image of ${image.length} values or values outside [0, 1] for example ${key}.`,
      );
    }
    data.set(image, row * size);
  });
  return withData(batch, data);
}
