import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ClassifierOptions, EngineClassifier } from '../../src/classifier/engine-classifier.js';
import { takeExamples } from '../../src/tensor/batch.js';
import { bitsByExample } from './bits.js';
import { families } from './families.js';
import { classifierOf, randomBatch, turnLabels } from './loaded.js';

const EXAMPLES = 40;

/** How a process may have been set up; an example's results must not show it. */
const SETUPS: readonly Required<Pick<ClassifierOptions, 'threads' | 'engineBatch'>>[] = [
  { threads: 1, engineBatch: 128 },
  { threads: 1, engineBatch: 7 },
  { threads: 2, engineBatch: 16 },
  { threads: 4, engineBatch: 128 },
];

/** The examples in turn, `count` in all. */
const turns = (count: number) => Array.from({ length: count }, (_, row) => row % EXAMPLES);

/** Batches an example may be in: any examples, in any order, some twice, up to beyond one engine call. */
const company = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.array(fc.nat(EXAMPLES - 1), { minLength: 1, maxLength: 70 }))
  .map(([times, rows]) => Array.from({ length: times }, () => rows).flat());

describe('the bits of logits, loss and gradient of an example', () => {
  it.each(Object.entries(families))(
    'depend neither on its batch nor on threads (%s)',
    async (_name, family) => {
      const { graph, shape, classes } = family(3);
      const all = { ...randomBatch(5, EXAMPLES, shape), labels: turnLabels(EXAMPLES, classes) };
      const opened: EngineClassifier[] = [];
      for (const setup of SETUPS) opened.push(await classifierOf(graph, {}, setup));
      const expected: string[] = [];
      for (let row = 0; row < EXAMPLES; row++)
        expected.push((await bitsByExample(opened[0]!, takeExamples(all, [row])))[0]!);

      await fc.assert(
        fc.asyncProperty(company, fc.nat(SETUPS.length - 1), async (rows, setup) => {
          const found = await bitsByExample(opened[setup]!, takeExamples(all, rows));
          expect(found).toEqual(rows.map((row) => expected[row]!));
        }),
        {
          numRuns: 24,
          examples: SETUPS.flatMap((_setup, i) =>
            [61, 140].map((count): [number[], number] => [turns(count), i]),
          ),
        },
      );
      await Promise.all(opened.map((classifier) => classifier.dispose()));
    },
  );

  it('do not depend on where in memory the batch lies', async () => {
    const { graph, shape, classes } = families['sums of the input']!(4);
    const all = { ...randomBatch(6, 8, shape), labels: turnLabels(8, classes) };
    const classifier = await classifierOf(graph);
    const expected = await bitsByExample(classifier, all);
    for (let offset = 1; offset < 8; offset++) {
      const memory = new Float32Array(all.data.length + offset);
      memory.set(all.data, offset);
      expect(await bitsByExample(classifier, { ...all, data: memory.subarray(offset) })).toEqual(expected);
    }
    await classifier.dispose();
  });
});
