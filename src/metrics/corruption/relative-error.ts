import { pairOf, sharedCorruptions } from './corruption-error.js';
import type { CorruptionErrors, ErrorSums } from './error-sums.js';
import { meanFigure, quotient, type Figure } from './figure.js';

const UNKNOWN = 'errors without corruption are not known';

/**
 * Relative corruption error: sum over severities of (error under corruption - clean error), divided by the same of the baseline
 * (Hendrycks and Dietterich 2019, arXiv:1903.12261, section 4.2): what a corruption costs, whatever the clean error. Negative when
 * the model is better under the corruption than without it. There is none where the baseline loses nothing: its sign would be the
 * baseline's.
 */
export function relativeCorruptionError(corruption: string, model: ErrorSums, baseline: ErrorSums): Figure {
  const pair = pairOf(corruption, model, baseline);
  if ('reason' in pair) return { value: null, reason: pair.reason };
  const [ours, theirs] = [loss(pair.model, model), loss(pair.baseline, baseline)];
  if (ours === null || theirs === null) return { value: null, reason: UNKNOWN };
  return quotient(ours, theirs, 'the baseline loses no accuracy');
}

/** Relative mCE: the mean of the relative corruption error over the corruptions that the baseline has. */
export function meanRelativeCorruptionError(model: ErrorSums, baseline: ErrorSums): Figure {
  return meanFigure(
    sharedCorruptions(model, baseline).map((id) => [id, relativeCorruptionError(id, model, baseline)]),
  );
}

/** Sum over severities of the accuracy lost to a corruption. */
function loss({ severities, errors }: CorruptionErrors, { clean, images }: ErrorSums): number | null {
  return clean === null ? null : (errors - severities * clean) / images;
}
