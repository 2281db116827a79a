/** How the learning rate changes over a training; `kind` picks the formula. */
export type LearningRateSchedule =
  | { readonly kind: 'constant' }
  | {
      readonly kind: 'step';
      /** Epoch (from 0) of the first reduction. */
      readonly after: number;
      /** Epochs between reductions. */
      readonly every: number;
      /** What a reduction multiplies the rate by. */
      readonly factor: number;
    }
  | {
      readonly kind: 'cosine';
      /** Fraction of the initial rate that is left at the end. */
      readonly floor: number;
    };

/** How the strength of the compression penalty grows: multiplied by `growth` after every epoch until it reaches `cap`. */
export interface PenaltySchedule {
  readonly initial: number;
  readonly growth: number;
  readonly cap: number;
}

/**
 * Learning rate at a point of a training.
 * @param epoch epochs done so far, with the fraction of the running one; in [0, epochs]
 */
export function learningRateAt(
  schedule: LearningRateSchedule,
  initial: number,
  epoch: number,
  epochs: number,
): number {
  switch (schedule.kind) {
    case 'constant':
      return initial;
    case 'step': {
      const reductions =
        epoch < schedule.after ? 0 : 1 + Math.floor((epoch - schedule.after) / schedule.every);
      return initial * schedule.factor ** reductions;
    }
    case 'cosine': {
      // Loshchilov and Hutter, "SGDR" (2017), equation 5, one period.
      const remaining = (1 + Math.cos((Math.PI * epoch) / epochs)) / 2;
      return initial * (schedule.floor + (1 - schedule.floor) * remaining);
    }
  }
}

/** Strength of the penalty in the given epoch (an integer from 0). */
export function penaltyAt(schedule: PenaltySchedule, epoch: number): number {
  return Math.min(schedule.cap, schedule.initial * schedule.growth ** epoch);
}
