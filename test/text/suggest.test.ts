import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { didYouMean, editDistance, nearest } from '../../src/text/suggest.js';

const word = fc.string({ maxLength: 8 });

describe('edit distance', () => {
  it.each([
    ['', '', 0],
    ['pgd', 'pgd', 0],
    ['pgd', 'pdg', 1],
    ['epsilno', 'epsilon', 1],
    ['fgsm', 'pgd', 3],
    ['', 'run', 3],
  ])('from "%s" to "%s" is %i', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
  });

  it('is zero exactly for equal words, symmetric, and at most the longer length', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance === 0).toBe(a === b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('suggestions', () => {
  it('name the nearest known word when the typed one is a slip of it', () => {
    expect(nearest('leaderbord', ['run', 'leaderboard', 'list'])).toBe('leaderboard');
    expect(didYouMean('pdg', ['fgsm', 'pgd'])).toBe('; did you mean "pgd"?');
  });

  it('stay silent when nothing is near', () => {
    expect(nearest('carlini', ['fgsm', 'pgd'])).toBeUndefined();
    expect(didYouMean('carlini', ['fgsm', 'pgd'])).toBe('');
  });
});
