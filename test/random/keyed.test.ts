import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keyedStream } from '../../src/random/keyed.js';
import type { RandomStream } from '../../src/random/stream.js';

/** Largest distance between the empirical and the theoretical distribution function (Kolmogorov-Smirnov). */
function kolmogorovSmirnov(sample: Float64Array, cumulative: (x: number) => number): number {
  const sorted = sample.toSorted();
  return sorted.reduce((largest, x, i) => {
    const expected = cumulative(x);
    return Math.max(
      largest,
      Math.abs(expected - i / sorted.length),
      Math.abs(expected - (i + 1) / sorted.length),
    );
  }, 0);
}

/** Standard normal distribution function by Simpson's rule on the density. */
function normalCumulative(x: number): number {
  const steps = 30;
  const width = x / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-((i * width) ** 2) / 2);
  }
  return 0.5 + (sum * width) / 3 / Math.sqrt(2 * Math.PI);
}

const moment = (sample: Float64Array, power: number): number =>
  sample.reduce((sum, x) => sum + x ** power, 0) / sample.length;

/** Critical value of the statistic at a significance of about 1e-4. */
const critical = (n: number): number => 2.23 / Math.sqrt(n);

const N = 100_000;

/** What the streams gave when they were written. */
const PINNED = {
  uniform: [0.32450477950713685, 0.19525066926991008, 858542],
  normal: [0.87452854384422, -0.15518899954908236, 1.095172329832485],
  fill: [0.0867004469037056, 0.00946622621268034],
};

describe('a keyed stream', () => {
  it('repeats itself for the same key', () => {
    const draws = (): number[] => {
      const stream = keyedStream(7, 42, 'pgd/start', 3, 1);
      return [stream.uniform(), stream.normal(), stream.integer(1000), stream.normal(), stream.uniform()];
    };
    expect(draws()).toEqual(draws());
  });

  it('takes restart 0 and step 0 when they are not given, and does not tell -0 from 0', () => {
    const first = keyedStream(1, 2, 'p').uniform();
    expect(keyedStream(1, 2, 'p', 0, 0).uniform()).toBe(first);
    expect(keyedStream(1, 2, 'p', -0, -0).uniform()).toBe(first);
  });

  it('has values that are pinned: a change here changes every recorded result', () => {
    const stream = keyedStream(0, 0, 'pinned');
    expect([stream.uniform(), stream.uniform(), stream.integer(1_000_000)]).toEqual(PINNED.uniform);
    expect([stream.normal(), stream.normal(), stream.normal()]).toEqual(PINNED.normal);
    const other = keyedStream(2 ** 40 + 1, 9_999, 'square/window', 4, 1_000);
    expect(Array.from(other.fillUniform(new Float32Array(2), -0.1, 0.1))).toEqual(PINNED.fill);
  });

  it('differs when any one of seed, key, purpose, restart or step differs', () => {
    const first = new Set<number>();
    let streams = 0;
    const add = (...key: Parameters<typeof keyedStream>): void => {
      first.add(keyedStream(...key).uniform());
      streams++;
    };
    for (let seed = 0; seed < 8; seed++)
      for (let key = 0; key < 40; key++)
        for (const purpose of ['', 'a', 'b', 'aa', 'ab', 'ba', 'start', 'start ', 'Start'])
          for (let restart = 0; restart < 5; restart++)
            for (let step = 0; step < 5; step++) add(seed, key, purpose, restart, step);
    for (const large of [2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1, -1, -2, 0.5]) {
      add(large, 0, 'large');
      add(0, large, 'large');
      add(0, 0, 'large', large);
      add(0, 0, 'large', 0, large);
    }
    expect(first.size).toBe(streams);
  });

  it('is uniform over neighbouring keys, where each stream gives one value', () => {
    const values = Float64Array.from({ length: 20_000 }, (_, key) => keyedStream(0, key, 'first').uniform());
    expect(kolmogorovSmirnov(values, (x) => x)).toBeLessThan(critical(values.length));
    const product = values.reduce((sum, x, i) => sum + (x - 0.5) * ((values[i + 1] ?? 0.5) - 0.5), 0);
    expect(Math.abs(product / values.length / (1 / 12))).toBeLessThan(4 / Math.sqrt(values.length));
  });
});

describe('uniform draws', () => {
  const sample = keyedStream(11, 0, 'uniform').fillUniform(new Float64Array(N));

  it('lie in [0, 1) and follow the uniform distribution', () => {
    expect(sample.every((x) => x >= 0 && x < 1)).toBe(true);
    expect(kolmogorovSmirnov(sample, (x) => x)).toBeLessThan(critical(N));
  });

  it('have the moments of the uniform distribution', () => {
    for (const power of [1, 2, 3, 4]) {
      const deviation = Math.sqrt((1 / (2 * power + 1) - 1 / (power + 1) ** 2) / N);
      expect(Math.abs(moment(sample, power) - 1 / (power + 1))).toBeLessThan(4 * deviation);
    }
  });

  it('are not correlated with the draws after them', () => {
    for (const lag of [1, 2, 3, 784]) {
      let sum = 0;
      for (let i = lag; i < N; i++) sum += (sample[i]! - 0.5) * (sample[i - lag]! - 0.5) * 12;
      expect(Math.abs(sum / (N - lag))).toBeLessThan(4 / Math.sqrt(N));
    }
  });

  it('fill an array with what single calls would give, scaled to the range', () => {
    const filled = keyedStream(1, 1, 'fill').fillUniform(new Float64Array(5), -2, 6);
    const single = keyedStream(1, 1, 'fill');
    expect(Array.from(filled)).toEqual(Array.from(filled, () => -2 + 8 * single.uniform()));
  });

  it('give every integer below the bound equally often', () => {
    const stream = keyedStream(5, 0, 'integer');
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < N; i++) counts[stream.integer(10)]!++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - N / 10) ** 2 / (N / 10), 0);
    expect(chiSquare).toBeLessThan(35); // 9 degrees of freedom, significance 6e-5
    expect(stream.integer(1)).toBe(0);
  });
});

describe('normal draws', () => {
  const sample = keyedStream(12, 0, 'normal').fillNormal(new Float64Array(N));

  it('follow the standard normal distribution', () => {
    const part = sample.subarray(0, 20_000);
    expect(kolmogorovSmirnov(part, normalCumulative)).toBeLessThan(critical(part.length));
  });

  it('have the moments 0, 1, 0, 3 and reach the tails', () => {
    const expected: [power: number, value: number, variance: number][] = [
      [1, 0, 1],
      [2, 1, 2],
      [3, 0, 15],
      [4, 3, 96],
    ];
    for (const [power, value, variance] of expected)
      expect(Math.abs(moment(sample, power) - value)).toBeLessThan(4 * Math.sqrt(variance / N));
    expect(sample.some((x) => x > 3.5) && sample.some((x) => x < -3.5)).toBe(true);
  });

  it('fill an array with what single calls would give', () => {
    const filled = keyedStream(1, 1, 'fill').fillNormal(new Float64Array(7));
    const single = keyedStream(1, 1, 'fill');
    expect(Array.from(filled)).toEqual(Array.from(filled, () => single.normal()));
  });
});

describe('draws of several kinds', () => {
  type Draw = readonly ['uniform' | 'normal', number];
  const draws = fc.array(
    fc.tuple(fc.constantFrom('uniform' as const, 'normal' as const), fc.oneof(fc.nat(5), fc.nat(1300))),
    { maxLength: 6 },
  );

  const filled = (stream: RandomStream, [kind, count]: Draw): number[] => {
    const out = new Float64Array(count);
    return Array.from(kind === 'uniform' ? stream.fillUniform(out) : stream.fillNormal(out));
  };

  it('are the same one by one and by the array, in any order', () => {
    fc.assert(
      fc.property(fc.nat(), draws, (key, sequence) => {
        const [whole, single] = [keyedStream(3, key, 'mixed'), keyedStream(3, key, 'mixed')];
        for (const draw of sequence) {
          const expected = Array.from({ length: draw[1] }, () => single[draw[0]]());
          expect(filled(whole, draw)).toEqual(expected);
        }
        expect([whole.uniform(), whole.normal()]).toEqual([single.uniform(), single.normal()]);
      }),
      { numRuns: 60 },
    );
  });
});
