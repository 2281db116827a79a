import { argmax, type ScoreClassifier } from '../classifier/classifier.js';
import { sliceRow, type Batch } from '../tensor/batch.js';

/** Draws of a model with random numbers that a decision about an example rests on. */
export const DECIDING_DRAWS = 20;

/** Which random numbers the model draws when it is judged. */
export interface DecidingDraws {
  readonly seed: number;
  /** No attack can ask for draws of the purpose `judge`. */
  readonly purpose: 'judge' | 'verify';
}

/** The logits a decision rests on: one set of a model without random numbers, else one per draw; each `n x numClasses`. */
export async function decidingLogits(
  classifier: ScoreClassifier,
  batch: Batch,
  { seed, purpose }: DecidingDraws,
): Promise<Float32Array[]> {
  if (!classifier.stochastic) return [await classifier.logits(batch)];
  const logits: Float32Array[] = [];
  for (let index = 0; index < DECIDING_DRAWS; index++) {
    logits.push(await classifier.logits(batch, { seed, purpose, index }));
  }
  return logits;
}

/** What the model makes of one example, over all draws. */
export interface Decision {
  /** Predicted class per draw; -1 where a logit is not finite. */
  readonly predicted: readonly number[];
  /** Logits per draw. */
  readonly scores: readonly Float32Array[];
}

/** The decision on the example in that row. */
export function decisionOf(logits: readonly Float32Array[], row: number, numClasses: number): Decision {
  const scores = logits.map((each) => sliceRow(each, row, numClasses));
  return { scores, predicted: scores.map(argmax) };
}

/** Whether a logit was not finite in any draw: such an example has no outcome. */
export const isUndecided = ({ predicted }: Pick<Decision, 'predicted'>): boolean =>
  predicted.some((label) => label < 0);

/**
 * Whether something is so in more than half of the draws. An example is misclassified when `predicted !== label` is: in a tie
 * the label stands, without attack and under it.
 */
export function inMajority(
  { predicted }: Pick<Decision, 'predicted'>,
  holds: (predicted: number) => boolean,
): boolean {
  return 2 * predicted.filter(holds).length > predicted.length;
}
