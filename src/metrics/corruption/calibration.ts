/** Bins of equal width that confidences are sorted into. */
export const CALIBRATION_BINS = 15;

/**
 * How far a model's confidence is from its accuracy. The sums per bin are kept, so that bins of several sets of images can be added
 * up and the error taken again.
 */
export interface Calibration {
  /** Mean probability of the predicted class, 0 to 1; 0 of no examples. */
  readonly confidence: number;
  /** Expected calibration error, 0 to 1. */
  readonly error: number;
  /** Per bin, in ascending order of confidence: examples, how many of them are right, sum of their confidences. */
  readonly bins: {
    readonly n: readonly number[];
    readonly correct: readonly number[];
    readonly confidence: readonly number[];
  };
}

/** An example as calibration sees it. */
export interface Confident {
  /** Probability of the predicted class, 0 to 1. */
  readonly confidence: number;
  readonly correct: boolean;
}

/**
 * Mean confidence and expected calibration error: ECE = sum over bins of (n_b / n) |accuracy_b - confidence_b| with 15 bins of equal
 * width, bin b being (b / 15, (b + 1) / 15] (Naeini et al. 2015; Guo et al. 2017, arXiv:1706.04599, equation 3). Sums are taken in
 * the order of the examples.
 */
export function calibrationOf(examples: Iterable<Confident>): Calibration {
  const empty = () => Array<number>(CALIBRATION_BINS).fill(0);
  const bins = { n: empty(), correct: empty(), confidence: empty() };
  for (const { confidence, correct } of examples) {
    const bin = Math.max(0, Math.ceil(confidence * CALIBRATION_BINS) - 1);
    bins.n[bin]! += 1;
    bins.correct[bin]! += correct ? 1 : 0;
    bins.confidence[bin]! += confidence;
  }
  return { ...calibrationOfBins(bins), bins };
}

/** Mean confidence and expected calibration error from sums per bin. */
export function calibrationOfBins(bins: Calibration['bins']): Pick<Calibration, 'confidence' | 'error'> {
  let [total, confidence, gaps] = [0, 0, 0];
  for (const [bin, n] of bins.n.entries()) {
    total += n;
    confidence += bins.confidence[bin]!;
    gaps += Math.abs(bins.correct[bin]! - bins.confidence[bin]!);
  }
  return total === 0 ? { confidence: 0, error: 0 } : { confidence: confidence / total, error: gaps / total };
}
