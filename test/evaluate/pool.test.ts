import { describe, expect, it } from '@jest/globals';
import { affordableJobs } from '../../src/evaluate/pool.js';

const MEGABYTE = 2 ** 20;

describe('the number of workers', () => {
  it('is what was asked for while the models fit in half of the free memory', () => {
    expect(affordableJobs({ jobs: 4, modelBytes: 10 * MEGABYTE }, 1000 * MEGABYTE)).toBe(4);
  });

  it('is lowered when the models of all workers would not fit', () => {
    expect(affordableJobs({ jobs: 8, modelBytes: 100 * MEGABYTE }, 2000 * MEGABYTE)).toBe(2);
  });

  it('is never less than one', () => {
    expect(affordableJobs({ jobs: 2, modelBytes: 500 * MEGABYTE }, 100 * MEGABYTE)).toBe(1);
  });
});
