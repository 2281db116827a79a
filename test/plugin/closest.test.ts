import { describe, expect, it } from '@jest/globals';
import { Closest } from '../../src/plugin/closest.js';

const clean = { shape: [2], keys: [5, 9], data: Float32Array.of(0, 0, 1, 1) };

describe('Closest', () => {
  it('starts at the clean examples, at no distance that would count', () => {
    const closest = new Closest(clean);
    expect([...closest.data]).toEqual([0, 0, 1, 1]);
    expect([closest.found(0), closest.found(1)]).toEqual([false, false]);
    expect(closest.beyond(Infinity)).toEqual([]);
    expect(closest.beyond(1e9)).toEqual([0, 1]);
  });

  it('keeps what is closer, for each example by itself', () => {
    const closest = new Closest(clean);
    expect(closest.offer(1, [0, 1], 1)).toBe(true);
    expect(closest.offer(1, [1, 0.5], 0.5)).toBe(true);
    expect(closest.offer(1, [0, 0], 0.5)).toBe(false);
    expect(closest.offer(1, [0, 0], 2)).toBe(false);
    expect(closest.offer(1, [0, 0], NaN)).toBe(false);
    expect([...closest.data]).toEqual([0, 0, 1, 0.5]);
    expect([...closest.distances]).toEqual([Infinity, 0.5]);
    expect(closest.beyond(0.5)).toEqual([0]);
  });
});
