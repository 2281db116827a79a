import type { ScoreClassifier } from '../classifier/classifier.js';
import { sliceRow, type LabelledBatch } from '../tensor/batch.js';
import { objectiveOf, type Objective, type Problem } from './problem.js';
import { wrongClassesByScore } from './ranking.js';
import type { Goal } from './threat.js';

/** Which class each run of an attack aims at. */
export interface Aims {
  /** Number of classes aimed at in turn; 0 when every run just follows the goal. */
  readonly count: number;
  /**
   * The objective of a run for some rows of the batch.
   * @param problem restricted to these rows.
   * @param loss `margin` or `ce`; towards an aim, the margin between aim and label, or the aim's cross-entropy.
   * @param run counted from 0; aims take turns.
   */
  objective(
    problem: Problem,
    rows: readonly number[],
    loss: 'margin' | 'ce',
    run: number,
  ): Objective & { readonly targets?: Int32Array };
}

/**
 * Aims at the wrong classes with the largest logits on the clean examples, whatever wrong class then comes of it: an
 * untargeted attack with several targets. Spends a forward pass if there is anything to choose. A targeted goal has its one
 * target already.
 * @param count classes to aim at, at most; 0 for none in particular.
 */
export async function aimsOf(
  classifier: ScoreClassifier,
  batch: LabelledBatch,
  goal: Goal,
  count: number,
): Promise<Aims> {
  const ranks = goal.kind === 'targeted' ? 0 : Math.min(count, classifier.numClasses - 1);
  if (ranks === 0) return { count: 0, objective: (problem, _rows, loss) => objectiveOf(problem, loss) };
  const logits = await classifier.logits(batch);
  const ranking = Array.from(batch.labels, (label, row) =>
    wrongClassesByScore(sliceRow(logits, row, classifier.numClasses), label),
  );
  return {
    count: ranks,
    objective: (problem, rows, loss, run) => {
      const targets = Int32Array.from(rows, (row) => ranking[row]![run % ranks]!);
      return loss === 'ce'
        ? { labels: targets, loss, direction: -1 }
        : { labels: problem.batch.labels, targets, loss: 'margin-targeted', direction: 1 };
    },
  };
}
