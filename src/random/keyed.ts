import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { fillUnits, type XoroshiroState } from './fill-units.js';
import { absorb, startHash } from './hash.js';
import type { RandomStream } from './stream.js';

const TWO_POW_MINUS_53 = 2 ** -53;

// Global lookups once per number show where tests run them.
const { floor, log, min, sqrt } = Math;

/** Numbers drawn at once on their way into an array; its content means nothing between calls. */
const units = new Float64Array(512);

/**
 * The random stream of one example, purpose, restart and step.
 *
 * All five words are hashed into the whole 128-bit state of a xoroshiro128+ generator, so a stream depends on its key
 * alone: never on the batch, the worker, the order or on how much other streams were used. Two different keys share a
 * stream with the probability of a 128-bit collision.
 *
 * @param seed the run's seed.
 * @param key the example's index in its data set.
 * @param purpose what the draws are for, e.g. `pgd/start`; another purpose is another stream.
 */
export function keyedStream(seed: number, key: number, purpose: string, restart = 0, step = 0): RandomStream {
  const state = startHash();
  absorb(state, [seed, key, restart, step], purpose);
  let generator = xoroshiro128plusFromState([...state]);
  let spare = NaN;

  // The lowest bits of xoroshiro128+ are its weak ones: 27 and 26 high bits of two outputs make the 53.
  const uniform = (): number =>
    ((generator.next() >>> 5) * 67108864 + (generator.next() >>> 6)) * TWO_POW_MINUS_53;

  const drawUnits = (count: number): void => {
    generator = xoroshiro128plusFromState(
      fillUnits(generator.getState() as unknown as XoroshiroState, units, count),
    );
  };

  // Marsaglia's polar method: two normals at a time, the second is kept for the next call.
  const normal = (): number => {
    if (!Number.isNaN(spare)) {
      const kept = spare;
      spare = NaN;
      return kept;
    }
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const square = u * u + v * v;
      if (square >= 1 || square === 0) continue;
      const scale = sqrt((-2 * log(square)) / square);
      spare = v * scale;
      return u * scale;
    }
  };

  return {
    uniform,
    normal,
    integer: (bound) => floor(uniform() * bound),
    fillUniform: (out, lower = 0, upper = 1) => {
      const width = upper - lower;
      for (let from = 0; from < out.length; from += units.length) {
        const count = min(units.length, out.length - from);
        drawUnits(count);
        for (let i = 0; i < count; i++) out[from + i] = lower + width * units[i]!;
      }
      return out;
    },
    fillNormal: (out) => {
      let i = 0;
      if (out.length > 0 && !Number.isNaN(spare)) out[i++] = normal();
      // A pair of numbers gives two normals or is thrown away, so as many pairs as there are to fill are never too many.
      while (i < out.length) {
        const count = min(units.length, 2 * ((out.length - i + 1) >> 1));
        drawUnits(count);
        for (let pair = 0; pair < count; pair += 2) {
          const u = 2 * units[pair]! - 1;
          const v = 2 * units[pair + 1]! - 1;
          const square = u * u + v * v;
          if (square >= 1 || square === 0) continue;
          const scale = sqrt((-2 * log(square)) / square);
          out[i++] = u * scale;
          if (i < out.length) out[i++] = v * scale;
          else spare = v * scale;
        }
      }
      return out;
    },
  };
}
