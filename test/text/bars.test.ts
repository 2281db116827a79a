import { describe, expect, it } from '@jest/globals';
import { bars } from '../../src/text/bars.js';

describe('a line of bars', () => {
  it('is highest at the largest count, and tells few from none', () => {
    expect(bars([0, 1, 500, 1000])).toBe('·▁▄█');
    expect(bars([3, 3])).toBe('██');
  });

  it('has a place for each count, also where there is nothing', () => {
    expect(bars([0, 0])).toBe('··');
    expect(bars([])).toBe('');
  });
});
