import fc from 'fast-check';
import { BATCH, type Dimension } from '../../../../src/graph/ir.js';
import { upTo } from './arbitrary.js';

/** The axes of one example: between `min` and `max` of them, each of 1 to 4 elements. */
export const exampleDims = (max: number, min = 0): fc.Arbitrary<number[]> =>
  fc.array(upTo(4), { minLength: min, maxLength: max });

/** An example's axes with the batch before them. */
export const batched = (dims: readonly number[]): Dimension[] => [BATCH, ...dims];

/** Any axis of `rank`, the first `from` left out, counted from the front or from the end. */
export const axisOf = (rank: number, from = 0): fc.Arbitrary<number> =>
  fc
    .tuple(fc.integer({ min: from, max: rank - 1 }), fc.boolean())
    .map(([axis, back]) => (back ? axis - rank : axis));

/** Positions on an axis of the given length, repeated and negative ones among them. */
export const positions = (length: number, count: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: -length, max: length - 1 }), { minLength: count, maxLength: count });
