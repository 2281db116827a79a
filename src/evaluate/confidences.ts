import type { Outcome } from './cell.js';

/**
 * Probability that the model gives the class it predicts: the largest softmax of its logits (which is the output itself where the
 * file ends in a Softmax, as loading takes that off), rounded to float32. Of a model that draws random numbers it is the mean over
 * the draws the decision rests on.
 * @param logits one set per draw, `outcomes.length x numClasses`
 * @returns null where an example has no outcome
 */
export function confidencesOf(
  logits: readonly Float32Array[],
  numClasses: number,
  outcomes: readonly Outcome[],
): (number | null)[] {
  return outcomes.map((outcome, row) => {
    if (outcome === 'i') return null;
    let sum = 0;
    for (const draw of logits) sum += largestSoftmax(draw, row * numClasses, numClasses);
    return Math.fround(sum / logits.length);
  });
}

/** Largest softmax of the `length` logits from `start` on. */
function largestSoftmax(logits: Float32Array, start: number, length: number): number {
  let largest = -Infinity;
  for (let i = start; i < start + length; i++) if (logits[i]! > largest) largest = logits[i]!;
  let total = 0;
  for (let i = start; i < start + length; i++) total += Math.exp(logits[i]! - largest);
  return 1 / total;
}
