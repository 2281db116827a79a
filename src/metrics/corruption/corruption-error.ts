import { unnormalisedError, type CorruptionErrors, type ErrorSums } from './error-sums.js';
import { meanFigure, quotient, type Figure } from './figure.js';

/**
 * Corruption error: CE_c = (sum over severities of the model's error) / (the same of the baseline), a ratio of sums, not a mean of
 * ratios (Hendrycks and Dietterich 2019, arXiv:1903.12261, section 4.2). 1 is the baseline, below is better; at least 0.
 */
export function corruptionError(corruption: string, model: ErrorSums, baseline: ErrorSums): Figure {
  const pair = pairOf(corruption, model, baseline);
  if ('reason' in pair) return { value: null, reason: pair.reason };
  return quotient(
    unnormalisedError(pair.model, model.images),
    unnormalisedError(pair.baseline, baseline.images),
    'the baseline makes no error',
  );
}

/** Mean corruption error (mCE): the mean of CE_c over the corruptions that the baseline has. */
export function meanCorruptionError(model: ErrorSums, baseline: ErrorSums): Figure {
  return meanFigure(
    sharedCorruptions(model, baseline).map((id) => [id, corruptionError(id, model, baseline)]),
  );
}

/** Corruptions of the model that the baseline has errors for, in the model's order. */
export function sharedCorruptions(model: ErrorSums, baseline: ErrorSums): string[] {
  return [...model.corruptions.keys()].filter((id) => baseline.corruptions.has(id));
}

/** The errors of both under a corruption, or why they cannot be divided. */
export function pairOf(
  corruption: string,
  model: ErrorSums,
  baseline: ErrorSums,
): { readonly model: CorruptionErrors; readonly baseline: CorruptionErrors } | { readonly reason: string } {
  const [ours, theirs] = [model.corruptions.get(corruption), baseline.corruptions.get(corruption)];
  if (ours === undefined) return { reason: 'the model has no errors for it' };
  if (theirs === undefined) return { reason: 'the baseline has no errors for it' };
  if (ours.severities === theirs.severities) return { model: ours, baseline: theirs };
  return { reason: `the baseline's errors are over ${theirs.severities} severities, not ${ours.severities}` };
}
