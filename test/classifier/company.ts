import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { EngineClassifier } from '../../src/classifier/engine-classifier.js';
import { takeExamples, type LabelledBatch } from '../../src/tensor/batch.js';
import { bitsByExample } from './bits.js';

/** Rows of a set of `size`, in turn, `count` in all. */
const turns = (size: number, count: number) => Array.from({ length: count }, (_, row) => row % size);

/**
 * Checks that each example has the bits it has alone in the first of the classifiers, in whatever batch of any of them: any
 * examples, in any order, some several times, up to beyond one engine call.
 */
export async function expectNoInfluence(
  classifiers: readonly EngineClassifier[],
  all: LabelledBatch,
  numRuns: number,
): Promise<void> {
  const size = all.keys.length;
  const expected: string[] = [];
  for (let row = 0; row < size; row++)
    expected.push((await bitsByExample(classifiers[0]!, takeExamples(all, [row])))[0]!);

  const company = fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.array(fc.nat(size - 1), { minLength: 1, maxLength: 70 }))
    .map(([times, rows]) => Array.from({ length: times }, () => rows).flat());
  const certain = classifiers.flatMap((_one, i) =>
    [61, 140].map((count): [number[], number] => [turns(size, count), i]),
  );
  await fc.assert(
    fc.asyncProperty(company, fc.nat(classifiers.length - 1), async (rows, which) => {
      const found = await bitsByExample(classifiers[which]!, takeExamples(all, rows));
      expect(found).toEqual(rows.map((row) => expected[row]!));
    }),
    { numRuns: certain.length + numRuns, examples: certain },
  );
}
