import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { arbitraries } from './arbitraries/index.js';
import { checkGradients, type WeightMode } from './gradient-check.js';

const mode = fc.constantFrom<WeightMode>('variable weights', 'constant weights');
const seed = fc.integer({ min: 0 });

/** The same functions every time. */
const SEED = 20260501;

describe('gradients agree with central differences in float64 over random shapes and attributes', () => {
  it.each(Object.entries(arbitraries))('of %s', async (_op, { functions, runs = 15 }) => {
    await fc.assert(fc.asyncProperty(functions, mode, seed, checkGradients), { seed: SEED, numRuns: runs });
  });
});
