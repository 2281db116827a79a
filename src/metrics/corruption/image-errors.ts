import type { CorruptionErrors, ErrorSums } from './error-sums.js';

/** Errors of one model image by image, summed over severities: what is left of the grid when images are drawn again. */
export interface ImageErrors {
  readonly images: number;
  /** 1 where the model is wrong without corruption, by image; null where that is not known. */
  readonly clean: Uint8Array | null;
  /** By corruption: at how many of its severities the model is wrong, by image. */
  readonly corruptions: ReadonlyMap<string, { readonly severities: number; readonly errors: Uint8Array }>;
}

/**
 * The errors summed over images.
 * @param weights how often each image counts; once by default
 */
export function sumErrors(model: ImageErrors, weights?: Uint16Array): ErrorSums {
  const { images, clean } = model;
  const corruptions = new Map<string, CorruptionErrors>();
  for (const [id, { severities, errors }] of model.corruptions) {
    corruptions.set(id, { severities, errors: weightedSum(errors, weights) });
  }
  return { images, clean: clean === null ? null : weightedSum(clean, weights), corruptions };
}

function weightedSum(values: Uint8Array, weights: Uint16Array | undefined): number {
  let sum = 0;
  if (weights === undefined) for (let i = 0; i < values.length; i++) sum += values[i]!;
  else for (let i = 0; i < values.length; i++) sum += values[i]! * weights[i]!;
  return sum;
}
