import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchesGlob } from '../../src/text/glob.js';

describe('a glob', () => {
  it.each([
    ['*', '', true],
    ['mnist-*', 'mnist-mlp', true],
    ['mnist-*', 'fashion-mnist-mlp', false],
    ['*-mlp-*', 'mnist-mlp-nopen', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
  ])('%p on %p: %p', (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  it('without * and ? matches itself alone', () => {
    const plain = fc.string().filter((text) => !/[*?]/.test(text));
    fc.assert(
      fc.property(plain, plain, (a, b) => {
        expect(matchesGlob(a, b)).toBe(a === b);
      }),
    );
  });
});
