import { argmax, type ScoreClassifier } from '../classifier/classifier.js';
import type { Proposal, Verdict } from '../plugin/attack.js';
import { reachesGoal } from '../plugin/problem.js';
import type { Goal, Threat, ThreatKind } from '../plugin/threat.js';
import { sliceRow, withData, type LabelledBatch } from '../tensor/batch.js';
import { materialiseBox, materialiseLp, materialiseMinimum } from './verify/balls.js';
import type { Materialise, Materialised } from './verify/materialise.js';
import { materialisePatch } from './verify/patch.js';
import { materialiseTransform } from './verify/transform.js';

const MATERIALISE: { readonly [K in ThreatKind]: Materialise<K> } = {
  lp: materialiseLp,
  box: materialiseBox,
  minimum: materialiseMinimum,
  transform: materialiseTransform,
  patch: materialisePatch,
};

/** A verdict with what the harness needs to record beside it. */
export interface Judgement extends Verdict {
  /** How far the winning wrong logit is above the true one, relative to the spread of the logits; NaN unless fooled. */
  readonly margin: number;
}

export interface Judged {
  readonly materialised: Materialised;
  readonly judgements: readonly Judgement[];
}

/**
 * Judges what an attack proposed: repairs it into the threat's set in float64, then classifies it on a fresh forward pass
 * of the unmodified model. The attack's own opinion plays no part.
 *
 * @param classifier an uncounted view of the model under attack.
 * @throws GauntletError PLUGIN_FAILED when the proposal has the wrong kind or length.
 */
export async function judge(
  classifier: ScoreClassifier,
  clean: LabelledBatch,
  threat: Threat,
  goal: Goal,
  proposal: Proposal,
): Promise<Judged> {
  const materialise = MATERIALISE[threat.kind] as Materialise<ThreatKind>;
  const materialised = materialise(proposal, clean, threat, classifier.input);
  const logits = await classifier.logits(withData(clean, materialised.data));
  const judgements = clean.keys.map((_key, row): Judgement => {
    const invalid: Judgement = { outcome: 'invalid', distance: NaN, margin: NaN };
    if (!materialised.usable[row]) return invalid;
    const scores = sliceRow(logits, row, classifier.numClasses);
    const predicted = argmax(scores);
    if (predicted < 0) return invalid;
    const distance = materialised.distances[row]!;
    return reachesGoal(predicted, clean.labels[row]!, goal, row)
      ? { outcome: 'fooled', distance, margin: relativeMargin(scores, predicted, clean.labels[row]!) }
      : { outcome: 'robust', distance, margin: NaN };
  });
  return { materialised, judgements };
}

function relativeMargin(logits: Float32Array, predicted: number, label: number): number {
  const spread = Math.max(...logits) - Math.min(...logits);
  return spread > 0 ? (logits[predicted]! - logits[label]!) / spread : 0;
}
