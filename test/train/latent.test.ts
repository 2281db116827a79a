import { describe, expect, it } from '@jest/globals';
import { keyedStream } from '../../src/random/keyed.js';
import { summariseLatent } from '../../src/train/latent.js';

/** `n` examples of two classes in turn, with latent vectors made by `at(label, unit)`. */
function sample(n: number, width: number, at: (label: number, unit: number) => number) {
  const labels = Int32Array.from({ length: n }, (_, i) => i % 2);
  const z = Float32Array.from({ length: n * width }, (_, i) => at(labels[Math.floor(i / width)]!, i % width));
  return { z, width, labels, predictions: labels, numClasses: 2 };
}

describe('the summary of a latent space', () => {
  it('of a perfect binary code has no scatter within classes, one code per class and the largest separation', () => {
    const code = summariseLatent(sample(40, 3, (label, unit) => (label === unit % 2 ? 1 : -1)));
    expect(code).toEqual({ withinOverBetween: 0, separation: 2 ** 24, sameCode: 1 });
  });

  it('of a Gaussian finds the separation of its two halves: 2.65', () => {
    const stream = keyedStream(0, 0, 'test/latent');
    const { separation } = summariseLatent(sample(20_000, 2, () => stream.normal()));
    // Half-normal: mean sqrt(2/pi), variance 1 - 2/pi.
    const expected = (2 * Math.sqrt(2 / Math.PI)) / Math.sqrt(1 - 2 / Math.PI);
    expect(Math.abs(separation - expected)).toBeLessThan(0.05);
  });

  it('of two classes at +-1 with spread s has scatter s^2 and separation 2/s', () => {
    const stream = keyedStream(1, 0, 'test/latent');
    const found = summariseLatent(
      sample(20_000, 2, (label) => (label === 0 ? -1 : 1) + 0.1 * stream.normal()),
    );
    expect(found.withinOverBetween).toBeCloseTo(0.01, 3);
    expect(found.separation).toBeCloseTo(20, 0);
    expect(found.sameCode).toBe(1);
  });

  it('counts the examples that do not have the most common code of their predicted class', () => {
    const labels = Int32Array.of(0, 0, 0, 1);
    const z = Float32Array.of(1, 1, 1, 1, -1, 1, -1, -1);
    const { sameCode } = summariseLatent({ z, width: 2, labels, predictions: labels, numClasses: 2 });
    expect(sameCode).toBe(3 / 4);
  });

  it('leaves units that never change out of the separation', () => {
    const both = summariseLatent(sample(40, 2, (label, unit) => (unit === 0 ? 0 : label)));
    expect(both.separation).toBe(2 ** 24);
  });

  it('does not let a unit that is zero but for one example decide the separation', () => {
    const stream = keyedStream(2, 0, 'test/latent');
    const labels = Int32Array.from({ length: 2000 }, (_, i) => i % 2);
    const z = Float32Array.from({ length: 6000 }, (_, i) =>
      i % 3 === 0 ? Number(i === 0) : stream.normal(),
    );
    const { separation } = summariseLatent({ z, width: 3, labels, predictions: labels, numClasses: 2 });
    expect(separation).toBeLessThan(3);
  });
});
