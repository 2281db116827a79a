import { argmax } from '../classifier/classifier.js';
import { exampleSize, takeExamples, takeRows, type LabelledBatch } from '../tensor/batch.js';
import type { Goal, Threat } from './threat.js';

/** What an attack is to do: to which examples, within which set, with which goal. */
export interface Problem {
  readonly batch: LabelledBatch;
  readonly threat: Threat;
  readonly goal: Goal;
}

/** The same problem for some rows of its batch, densely packed in the given order. */
export function restrictProblem({ batch, threat, goal }: Problem, rows: readonly number[]): Problem {
  return {
    batch: takeExamples(batch, rows),
    threat: restrictThreat(threat, rows, exampleSize(batch)),
    goal: restrictGoal(goal, rows),
  };
}

/** The threat for some rows of a batch whose examples have `size` values: a box has its own rows, the others are shared. */
export function restrictThreat(threat: Threat, rows: readonly number[], size: number): Threat {
  return threat.kind === 'box'
    ? { ...threat, lower: takeRows(threat.lower, rows, size), upper: takeRows(threat.upper, rows, size) }
    : threat;
}

/** The goal for some rows of a batch. */
export function restrictGoal(goal: Goal, rows: readonly number[]): Goal {
  return goal.kind === 'targeted'
    ? { ...goal, targets: Int32Array.from(rows, (row) => goal.targets[row]!) }
    : goal;
}

/** Whether the prediction for one row reaches the goal; -1, the prediction of non-finite logits, never does. */
export function reachesGoal(predicted: number, label: number, goal: Goal, row: number): boolean {
  if (predicted < 0) return false;
  return goal.kind === 'targeted' ? predicted === goal.targets[row] : predicted !== label;
}

/** What the logits on one candidate say about the goal. */
export interface Progress {
  readonly reached: boolean;
  /**
   * How far the goal is surpassed, in logits: best wrong class minus label, or target minus best other class. Negative
   * while the goal is not reached, NaN when a logit is not finite.
   */
  readonly margin: number;
}

/** Judges one row's logits the way the harness will: argmax, ties to the lowest index. */
export function progressOf(logits: Float32Array, label: number, goal: Goal, row: number): Progress {
  const predicted = argmax(logits);
  if (predicted < 0) return { reached: false, margin: NaN };
  const wanted = goal.kind === 'targeted' ? goal.targets[row]! : label;
  let bestOther = -Infinity;
  for (let k = 0; k < logits.length; k++) if (k !== wanted) bestOther = Math.max(bestOther, logits[k]!);
  return {
    reached: reachesGoal(predicted, label, goal, row),
    margin: goal.kind === 'targeted' ? logits[wanted]! - bestOther : bestOther - logits[wanted]!,
  };
}

/** A loss to follow and in which direction. */
export interface Objective {
  readonly labels: Int32Array;
  readonly loss: string;
  /** 1 to ascend the loss, -1 to descend it. */
  readonly direction: 1 | -1;
}

/** An untargeted attack ascends the loss of the label, a targeted one descends the loss of the target. */
export function objectiveOf({ batch, goal }: Problem, loss: string): Objective {
  return goal.kind === 'targeted'
    ? { labels: goal.targets, loss, direction: -1 }
    : { labels: batch.labels, loss, direction: 1 };
}
