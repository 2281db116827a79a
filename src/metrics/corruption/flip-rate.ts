import { meanFigure, quotient, type Figure } from './figure.js';

/** Predicted classes of clips of equally many frames, clip after clip. */
export interface ClipPredictions {
  /** Frames per clip, at least 2. */
  readonly frames: number;
  /** `clips * frames` classes. */
  readonly predictions: ArrayLike<number>;
}

/** Which frame a frame is compared with. */
export type FlipReference = 'previous' | 'first';

/** Frames of noise are independent draws around the first one; those of other perturbations move on from frame to frame. */
export function flipReference(perturbation: string): FlipReference {
  return perturbation.includes('noise') ? 'first' : 'previous';
}

/**
 * Flip probability under a perturbation: the mean over clips and over the frames from the second on of [prediction differs from that
 * of the reference frame] (Hendrycks and Dietterich 2019, arXiv:1903.12261, section 4.3). 0 to 1; its mean over perturbations is
 * what papers on CIFAR-10-P report unnormalised.
 * @throws RangeError without clips, or when the predictions are not whole clips of two frames or more
 */
export function flipProbability(clips: ClipPredictions, reference: FlipReference): number {
  const { frames, predictions } = clips;
  const count = predictions.length / frames;
  if (frames < 2 || count < 1 || !Number.isInteger(count)) {
    throw new RangeError(`${predictions.length} predictions are not clips of ${frames} frames.`);
  }
  let flips = 0;
  for (let start = 0; start < predictions.length; start += frames) {
    for (let frame = 1; frame < frames; frame++) {
      const other = reference === 'first' ? start : start + frame - 1;
      if (predictions[start + frame] !== predictions[other]) flips += 1;
    }
  }
  return flips / (count * (frames - 1));
}

/** Flip rate: the flip probability as a multiple of the baseline's under the same perturbation; 1 is the baseline. */
export function flipRate(model: number, baseline: number): Figure {
  return quotient(model, baseline, "the baseline's predictions never flip");
}

/**
 * Mean flip rate (mFR) over the perturbations of a model.
 * @param model flip probabilities by perturbation
 * @param baseline of the same perturbations; one it lacks has no rate, so there is no mean
 */
export function meanFlipRate(
  model: Readonly<Record<string, number>>,
  baseline: Readonly<Record<string, number>>,
): Figure {
  return meanFigure(
    Object.entries(model).map(([id, probability]) => {
      const theirs = baseline[id];
      if (theirs === undefined) return [id, { value: null, reason: 'the baseline has no clips of it' }];
      return [id, flipRate(probability, theirs)];
    }),
  );
}
