import type { ScoreClassifier } from '../classifier/classifier.js';
import type { Proposal, Verdict } from '../plugin/attack.js';
import { reachesGoal } from '../plugin/problem.js';
import type { Goal, Threat, ThreatKind } from '../plugin/threat.js';
import { withData, type LabelledBatch } from '../tensor/batch.js';
import {
  decidingLogits,
  decisionOf,
  inMajority,
  isUndecided,
  type DecidingDraws,
  type Decision,
} from './decisions.js';
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
 * of the unmodified model. The attack's own opinion plays no part. A model that draws random numbers is fooled when it is in
 * more than half of 20 draws that the attack did not see.
 *
 * @param classifier an uncounted view of the model under attack.
 * @param draws which random numbers such a model draws
 * @throws GauntletError PLUGIN_FAILED when the proposal has the wrong kind or length.
 */
export async function judge(
  classifier: ScoreClassifier,
  clean: LabelledBatch,
  threat: Threat,
  goal: Goal,
  proposal: Proposal,
  draws: DecidingDraws = { seed: 0, purpose: 'judge' },
): Promise<Judged> {
  const materialise = MATERIALISE[threat.kind] as Materialise<ThreatKind>;
  const materialised = materialise(proposal, clean, threat, classifier.input);
  const logits = await decidingLogits(classifier, withData(clean, materialised.data), draws);
  const judgements = clean.keys.map((_key, row): Judgement => {
    const invalid: Judgement = { outcome: 'invalid', distance: NaN, margin: NaN };
    if (!materialised.usable[row]) return invalid;
    const decision = decisionOf(logits, row, classifier.numClasses);
    if (isUndecided(decision)) return invalid;
    const [distance, label] = [materialised.distances[row]!, clean.labels[row]!];
    const fools = (predicted: number): boolean => reachesGoal(predicted, label, goal, row);
    return inMajority(decision, fools)
      ? { outcome: 'fooled', distance, margin: decidingMargin(decision, fools, label) }
      : { outcome: 'robust', distance, margin: NaN };
  });
  return { materialised, judgements };
}

/** The smallest margin the majority needs: that of the draw just past the half, widest first. */
function decidingMargin(
  { predicted, scores }: Decision,
  fools: (predicted: number) => boolean,
  label: number,
): number {
  const margins = scores.flatMap((logits, draw) =>
    fools(predicted[draw]!) ? [relativeMargin(logits, predicted[draw]!, label)] : [],
  );
  return margins.sort((a, b) => b - a)[Math.floor(predicted.length / 2)]!;
}

function relativeMargin(logits: Float32Array, predicted: number, label: number): number {
  const spread = Math.max(...logits) - Math.min(...logits);
  return spread > 0 ? (logits[predicted]! - logits[label]!) / spread : 0;
}
