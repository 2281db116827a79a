import type { StudyCheck } from '../results/schema/study.js';
import type { StudyRun } from '../results/schema/study-run.js';

/** What BinEnc must have done to its code before anything is said of what the code does. */
export const REACHED = {
  /** Least share of training images with the word of their predicted class, words by sign. */
  sameEncoding: 0.99,
  /** Least mean over units of the distance of the two peaks in deviations, on training images. */
  separation: 10,
} as const;

/** Manipulation check of one model, on the training images measured. */
export function checkManipulation({ id, part, setting, head, latent }: StudyRun): StudyCheck {
  const { sameEncoding, separation, medianSeparation } = latent.train;
  const reached =
    sameEncoding !== null &&
    separation !== null &&
    sameEncoding >= REACHED.sameEncoding &&
    separation >= REACHED.separation;
  return {
    ...{ id, part, setting, head, sameEncoding, separation, medianSeparation },
    reading: reached ? 'reached' : 'mechanism not reached',
  };
}

/** How many of some checks were passed. */
export const countReached = (checks: readonly StudyCheck[]): { reached: number; of: number } => ({
  reached: checks.filter(({ reading }) => reading === 'reached').length,
  of: checks.length,
});
