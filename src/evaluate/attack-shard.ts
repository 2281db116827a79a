import { countPasses, type CountingClassifier, type PassLedger } from '../classifier/counting.js';
import type { Classifier } from '../classifier/classifier.js';
import { rowOf, takeExamples, type LabelledBatch } from '../tensor/batch.js';
import type { AttackStage, Outcome } from './cell.js';
import type { Job, ShardResult, Witness } from './job.js';
import type { Judgement } from './judge.js';
import type { Services } from './services.js';
import { proposeAndJudge, type StageBatch } from './stage.js';

/** Successes whose winning logit leads by less than this share of the logits' spread are flagged. */
export const TINY_MARGIN = 1e-4;

export interface AttackShard {
  readonly job: Extract<Job, { kind: 'shard' }>;
  readonly stages: readonly AttackStage[];
  readonly classifier: Classifier;
  readonly clean: LabelledBatch;
  /** Outcome of each example without attack. */
  readonly outcomes: readonly Outcome[];
  readonly services: Services;
  readonly signal: AbortSignal;
}

/**
 * Runs the stages of an attack plan one after the other. Each sees the examples no earlier one fooled. A stage that
 * fails on an example makes it `i`; a later stage may still prove it fooled, but none can make it robust again.
 */
export async function attackShard(shard: AttackShard): Promise<ShardResult> {
  const { clean, classifier } = shard;
  const ledger: PassLedger = { forward: new Map(), gradient: new Map() };
  const counting = countPasses(classifier, ledger);
  const outcomes = [...shard.outcomes];
  const distances: (number | null)[] = outcomes.map((outcome) => (outcome === 'w' ? 0 : null));
  const witnesses: Witness[] = [];
  const failures: ShardResult['failures'][number][] = [];
  const tinyMargins: number[] = [];
  const substituted = new Set<string>();
  const stages: ShardResult['stages'][number][] = [];

  for (const [index, stage] of shard.stages.entries()) {
    const before = passTotals(counting, clean.keys);
    for (const rows of batches(attackable(outcomes, shard.outcomes), shard.job.batchSize)) {
      shard.signal.throwIfAborted();
      const judged = await proposeAndJudge(
        stageBatch(shard, { counting, ledger, substituted }, stage, index, rows),
      );
      for (const [position, row] of rows.entries()) {
        const { judgement, adversarial, applied, target, failure } = judged[position]!;
        if (failure !== undefined) failures.push({ index: clean.keys[row]!, ...failure });
        outcomes[row] = merge(outcomes[row]!, judgement);
        if (judgement.outcome !== 'fooled') continue;
        distances[row] = judgement.distance;
        if (judgement.margin < TINY_MARGIN) tinyMargins.push(clean.keys[row]!);
        witnesses.push({
          index: clean.keys[row]!,
          label: clean.labels[row]!,
          target,
          stage: index,
          clean: rowOf(clean, row).slice(),
          adversarial,
          ...(applied === undefined ? {} : { applied }),
        });
      }
    }
    const after = passTotals(counting, clean.keys);
    stages.push({
      outcomes: outcomes.join(''),
      forward: after.forward.map((count, row) => count - before.forward[row]!),
      gradient: after.gradient.map((count, row) => count - before.gradient[row]!),
    });
  }
  return {
    kind: 'shard',
    stochastic: classifier.stochastic,
    clean: shard.outcomes.join(''),
    outcomes: outcomes.join(''),
    distances,
    stages,
    tinyMargins,
    substitutedLosses: [...substituted].sort(),
    failures,
    inputHashes: [],
    witnesses: witnesses.sort((a, b) => clean.keys.indexOf(a.index) - clean.keys.indexOf(b.index)),
  };
}

function stageBatch(
  shard: AttackShard,
  books: Pick<StageBatch, 'counting' | 'ledger' | 'substituted'>,
  stage: AttackStage,
  index: number,
  rows: readonly number[],
): StageBatch {
  return {
    stage,
    state: shard.job.states[index],
    seed: shard.job.spec.seed,
    clean: takeExamples(shard.clean, rows),
    judging: shard.classifier,
    ...books,
    services: shard.services,
    signal: shard.signal,
  };
}

/** Rows an attack may still work on: classified right without attack, and not fooled yet. */
function attackable(outcomes: readonly Outcome[], clean: readonly Outcome[]): number[] {
  return outcomes.flatMap((outcome, row) => (clean[row] === 'r' && outcome !== 'f' ? [row] : []));
}

const MERGED: Record<Judgement['outcome'], (before: Outcome) => Outcome> = {
  fooled: () => 'f',
  invalid: () => 'i',
  robust: (before) => before,
};

function merge(before: Outcome, judgement: Judgement): Outcome {
  return MERGED[judgement.outcome](before);
}

function passTotals(
  counting: CountingClassifier,
  keys: readonly number[],
): { forward: number[]; gradient: number[] } {
  const counts = keys.map((key) => counting.passes(key));
  return { forward: counts.map((count) => count.forward), gradient: counts.map((count) => count.gradient) };
}

function* batches(rows: readonly number[], size: number): Generator<number[]> {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
}
