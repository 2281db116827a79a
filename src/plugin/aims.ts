import type { Classifier, ScoreClassifier } from '../classifier/classifier.js';
import { sliceRow, type LabelledBatch } from '../tensor/batch.js';
import { nearestClasses } from './nearest-classes.js';
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
  const ranks = aimCount(goal, count, classifier.numClasses);
  if (ranks === 0) return NO_AIMS;
  const logits = await classifier.logits(batch);
  const ranking = Array.from(batch.labels, (label, row) =>
    wrongClassesByScore(sliceRow(logits, row, classifier.numClasses), label),
  );
  return aimsAt(ranking, ranks);
}

/**
 * As `aimsOf`, with the classes first whose boundaries are the nearest when the classifier is made linear at the example.
 * Spends what `nearestClasses` does if there is anything to aim at, and up to `count` of `compared` classes are aimed at.
 */
export async function nearestAimsOf(
  classifier: Classifier,
  batch: LabelledBatch,
  goal: Goal,
  count: number,
  ...nearest: NearestBy
): Promise<Aims> {
  const ranks = aimCount(goal, count, classifier.numClasses);
  return ranks === 0 ? NO_AIMS : aimsAt(await nearestClasses(classifier, batch, ...nearest), ranks);
}

type NearestBy = Parameters<typeof nearestClasses> extends [unknown, unknown, ...infer Rest] ? Rest : never;

const NO_AIMS: Aims = {
  count: 0,
  objective: (problem, _rows, loss) => objectiveOf(problem, loss),
};

/** A targeted goal has its one target already. */
function aimCount(goal: Goal, count: number, numClasses: number): number {
  return goal.kind === 'targeted' ? 0 : Math.min(count, numClasses - 1);
}

function aimsAt(ranking: readonly (readonly number[])[], count: number): Aims {
  return {
    count,
    objective: (problem, rows, loss, run) => {
      const targets = Int32Array.from(rows, (row) => ranking[row]![run % count]!);
      return loss === 'ce'
        ? { labels: targets, loss, direction: -1 }
        : { labels: problem.batch.labels, targets, loss: 'margin-targeted', direction: 1 };
    },
  };
}
