import { describe, expect, it } from '@jest/globals';
import { differenceOf } from '../../src/train/verify.js';

const card = {
  accuracy: { correct: 900, n: 1000 },
  latent: { withinOverBetween: 0.5, separation: 4, sameCode: 0.9 },
};
const found = (correct: number, separation = 4) => ({
  accuracy: { correct, n: 1000 },
  latent: { ...card.latent, separation },
});

describe('what was measured again', () => {
  it('must have the same count on the same engine', () => {
    expect(differenceOf(card, found(900), true)).toBeNull();
    expect(differenceOf(card, found(901), true)).toBe('901 of 1000 right, the card has 900');
  });

  it('may differ by a thousandth of the images on another engine', () => {
    expect(differenceOf(card, found(901), false)).toBeNull();
    expect(differenceOf(card, found(898), false)).toBe('898 of 1000 right, the card has 900');
  });

  it('must have the same latent figures, but for rounding', () => {
    expect(differenceOf(card, found(900, 4.003), true)).toBeNull();
    expect(differenceOf(card, found(900, 4.01), true)).toBe('separation 4.01, the card has 4');
    expect(differenceOf(card, found(900, 4.01), false)).toBeNull();
    expect(differenceOf(card, found(900, NaN), true)).toContain('separation NaN');
  });

  it('must be of as many images', () => {
    const fewer = { ...found(900), accuracy: { correct: 900, n: 999 } };
    expect(differenceOf(card, fewer, false)).toBe('999 images, the card has 1000');
  });
});
