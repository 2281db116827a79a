import { keyedStream } from '../random/keyed.js';
import type { AugmentSpec } from './recipe.js';

/**
 * Varies images: each is cut out of itself padded by `crop` zeros on every side, at a random place, and mirrored left to right
 * every other time. What happens to an image depends on seed, epoch and its key alone.
 * @param data images one after another, [C, H, W] each; left unchanged
 * @param keys their indices in the data set
 */
export function augmented(
  data: Float32Array,
  keys: readonly number[],
  shape: readonly number[],
  spec: AugmentSpec,
  seed: number,
  epoch: number,
): Float32Array {
  const [channels, height, width] = shape as [number, number, number];
  const { flip = false, crop = 0 } = spec;
  const size = channels * height * width;
  const out = new Float32Array(data.length);
  keys.forEach((key, i) => {
    const stream = keyedStream(seed, key, 'train/augment', 0, epoch);
    const down = stream.integer(2 * crop + 1) - crop;
    const right = stream.integer(2 * crop + 1) - crop;
    const mirrored = flip && stream.uniform() < 0.5;
    for (let plane = i * size; plane < (i + 1) * size; plane += height * width) {
      for (let y = Math.max(0, -down); y < Math.min(height, height - down); y++) {
        const from = plane + (y + down) * width + right;
        const to = plane + y * width;
        const first = Math.max(0, -right);
        const last = Math.min(width, width - right);
        if (mirrored) for (let x = first; x < last; x++) out[to + width - 1 - x] = data[from + x]!;
        else out.set(data.subarray(from + first, from + last), to + first);
      }
    }
  });
  return out;
}
