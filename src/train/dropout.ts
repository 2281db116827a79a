import { keyedStream } from '../random/keyed.js';

/**
 * Factors for the outputs of a batch, `keys.length` rows of `width`: 0 with the given probability, else 1 / (1 - probability), so
 * that their mean is 1 (Srivastava et al., "Dropout" (2014), section 10). They depend on seed, epoch and key alone.
 */
export function dropoutMask(
  keys: readonly number[],
  width: number,
  probability: number,
  seed: number,
  epoch: number,
): Float32Array {
  const mask = new Float32Array(keys.length * width);
  const kept = 1 / (1 - probability);
  keys.forEach((key, i) => {
    const stream = keyedStream(seed, key, 'train/dropout', 0, epoch);
    for (let j = 0; j < width; j++) mask[i * width + j] = stream.uniform() < probability ? 0 : kept;
  });
  return mask;
}
