import type { RandomInput } from '../graph/passes/random-inputs.js';
import { keyedStream } from '../random/keyed.js';
import { elementCount } from '../tensor/tensor.js';
import type { Draw } from './classifier.js';
import type { RowFeeds } from './row-feeds.js';

/** What a stochastic model draws unless told otherwise: always the same for an example. */
const FIXED: Draw = { seed: 0, purpose: 'model', index: 0 };

/** A uniform keeps 24 bits: float32 holds them exactly, and none rounds up to 1. */
const STEPS = 2 ** 24;

/** Values for the random inputs, one row per example: they depend on the example's key and on the draw alone. */
export function drawnFeeds(
  inputs: readonly RandomInput[],
  keys: readonly number[],
  { seed, purpose, index }: Draw = FIXED,
): RowFeeds {
  return Object.fromEntries(
    inputs.map(({ name, shape, distribution }) => {
      const size = elementCount(shape);
      const values = new Float32Array(keys.length * size);
      keys.forEach((key, row) => {
        const stream = keyedStream(seed, key, `${purpose}/${name}`, index);
        const own = values.subarray(row * size, (row + 1) * size);
        if (distribution === 'normal') stream.fillNormal(own);
        else for (let i = 0; i < size; i++) own[i] = Math.floor(stream.uniform() * STEPS) / STEPS;
      });
      return [name, values];
    }),
  );
}
