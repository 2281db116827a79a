import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CompletedCell } from '../../src/evaluate/cell.js';
import { clusteredInterval } from '../../src/leaderboard/cluster.js';
import { wilsonBounds } from '../../src/metrics/proportion.js';
import { keyedStream } from '../../src/random/keyed.js';

const cellsOf = (...outcomes: string[]): CompletedCell[] =>
  outcomes.map(
    (letters) =>
      ({
        outcomes: letters,
        n: letters.length,
        robust: { correct: letters.replaceAll(/[^r]/g, '').length },
      }) as CompletedCell,
  );

const width = ({ lower, upper }: { lower: number; upper: number }) => upper - lower;

describe('the interval of a mean over severities', () => {
  it('is no narrower than if severities were independent, no wider than if they were copies, and holds the mean', () => {
    const letters = (n: number) =>
      fc.string({ unit: fc.constantFrom('r', 'f', 'w', 'i'), minLength: n, maxLength: n });
    const cells = fc
      .integer({ min: 1, max: 40 })
      .chain((n) => fc.array(letters(n), { minLength: 2, maxLength: 5 }));
    fc.assert(
      fc.property(cells, (outcomes) => {
        const interval = clusteredInterval(cellsOf(...outcomes));
        const images = outcomes[0]!.length;
        const p = outcomes.join('').replaceAll(/[^r]/g, '').length / (images * outcomes.length);
        const independent = wilsonBounds(p * images * outcomes.length, images * outcomes.length);
        const copies = wilsonBounds(p * images, images);
        expect(width(interval)).toBeGreaterThanOrEqual(width(independent) - 1e-9);
        expect(width(interval)).toBeLessThanOrEqual(width(copies) + 1e-9);
        expect(interval.lower).toBeLessThanOrEqual(p + 1e-9);
        expect(interval.upper).toBeGreaterThanOrEqual(p - 1e-9);
      }),
    );
  });

  it('of copies is nearly that of one severity', () => {
    const outcomes = 'rrrrrrrf'.repeat(50);
    const interval = clusteredInterval(cellsOf(outcomes, outcomes, outcomes));
    const single = wilsonBounds(350, 400);
    expect(interval.lower).toBeCloseTo(single.lower, 3);
    expect(interval.upper).toBeCloseTo(single.upper, 3);
  });

  it.each(['r', 'f'])('does not vanish when all outcomes are %s', (letter) => {
    const interval = clusteredInterval(cellsOf(...Array<string>(5).fill(letter.repeat(100))));
    expect(width(interval)).toBeCloseTo(width(wilsonBounds(100, 100)), 12);
    expect(letter === 'r' ? interval.upper : interval.lower).toBe(letter === 'r' ? 1 : 0);
  });

  it('does not get narrower on the first failure', () => {
    const perfect = Array<string>(5).fill('r'.repeat(100));
    const one = perfect.with(2, 'r'.repeat(40) + 'f' + 'r'.repeat(59));
    const [none, first] = [perfect, one].map((outcomes) => clusteredInterval(cellsOf(...outcomes)));
    expect(first!.lower).toBeLessThan(none!.lower);
  });

  it('holds the true mean in about 95 of 100 samples of dependent severities', () => {
    // An image of difficulty u survives the severities with a threshold below u: P(correct) = 1 - threshold.
    const thresholds = [0.1, 0.2, 0.3, 0.5, 0.6];
    const truth = 1 - thresholds.reduce((sum, t) => sum + t, 0) / thresholds.length;
    const samples = 1000;
    let held = 0;
    let heldNaively = 0;
    for (let sample = 0; sample < samples; sample++) {
      const random = keyedStream(1, sample, 'coverage');
      const difficulties = random.fillUniform(new Float64Array(200));
      const outcomes = thresholds.map((t) => Array.from(difficulties, (u) => (u > t ? 'r' : 'f')).join(''));
      const interval = clusteredInterval(cellsOf(...outcomes));
      const correct = outcomes.join('').replaceAll('f', '').length;
      const naive = wilsonBounds(correct, 1000);
      if (interval.lower <= truth && truth <= interval.upper) held += 1;
      if (naive.lower <= truth && truth <= naive.upper) heldNaively += 1;
    }
    expect(held / samples).toBeGreaterThan(0.925);
    expect(held / samples).toBeLessThan(0.975);
    expect(heldNaively / samples).toBeLessThan(0.85);
  });
});
