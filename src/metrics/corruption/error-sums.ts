/** Errors under one corruption, summed over severities and images. */
export interface CorruptionErrors {
  /** Number of severities that were summed. */
  readonly severities: number;
  /** At most severities times images; a whole number where images were counted. */
  readonly errors: number;
}

/**
 * Top-1 errors of one model on one set of images, summed: all that the ratios of the corruption literature need. Counts are kept
 * undivided, so that differences between them are exact.
 */
export interface ErrorSums {
  /** Number of images; 1 where errors were published as shares. */
  readonly images: number;
  /** Errors without corruption; null where they are not known. */
  readonly clean: number | null;
  /** By corruption. */
  readonly corruptions: ReadonlyMap<string, CorruptionErrors>;
}

/**
 * Unnormalised corruption error: (1 / S) sum over the S severities of the error, 0 to 1. Papers on CIFAR-10-C mean its average over
 * corruptions when they write mCE (e.g. Hendrycks et al. 2020, AugMix, arXiv:1912.02781); no baseline is divided by.
 */
export function unnormalisedError({ severities, errors }: CorruptionErrors, images: number): number {
  return errors / (severities * images);
}

/** Mean of the unnormalised error over all cells, corruption x severity: 1 - mean corruption accuracy. */
export function meanUnnormalisedError({ corruptions, images }: ErrorSums): number {
  let [errors, severities] = [0, 0];
  for (const each of corruptions.values()) {
    errors += each.errors;
    severities += each.severities;
  }
  return errors / (severities * images);
}
