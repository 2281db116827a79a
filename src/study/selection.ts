import type { StudyChoice } from '../results/schema/study.js';
import type { StudyTraining } from '../results/schema/study-training.js';
import type { StudyPlan } from './plan.js';

/**
 * The learning rate of each head in each setting: the candidate with the most right validation images at its chosen epoch; of
 * equals the one with the smaller training cross-entropy there, then the smaller rate. Test images have no say. Null until every
 * candidate has been tried.
 */
export function chooseLearningRates(plan: StudyPlan, trainings: readonly StudyTraining[]): StudyChoice[] {
  return plan.settings.flatMap((setting) =>
    plan.heads.map((head): StudyChoice => {
      const tried = trainings
        .filter(
          (one) =>
            one.part === 'search' &&
            one.setting === setting.id &&
            one.head === head.id &&
            one.seed === plan.searchSeed &&
            plan.candidates.includes(one.learningRate),
        )
        .map(({ learningRate, crossEntropy, accuracy }) => ({
          ...{ learningRate, crossEntropy },
          ...accuracy.validation,
        }))
        .sort((a, b) => a.learningRate - b.learningRate);
      const best = [...tried].sort(
        (a, b) => b.correct - a.correct || a.crossEntropy - b.crossEntropy || a.learningRate - b.learningRate,
      )[0];
      const complete = tried.length === plan.candidates.length;
      return {
        setting: setting.id,
        head: head.id,
        chosen: complete && best ? best.learningRate : null,
        tried,
      };
    }),
  );
}

/** The learning rate chosen for a head in a setting; null where there is none yet. */
export function learningRateOf(
  choices: readonly StudyChoice[],
  { setting, head }: { readonly setting: string; readonly head: string },
): number | null {
  return choices.find((choice) => choice.setting === setting && choice.head === head)?.chosen ?? null;
}
