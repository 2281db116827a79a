import { describe, expect, it } from '@jest/globals';
import type { ClassifierOptions, EngineClassifier } from '../../src/classifier/engine-classifier.js';
import { bitsByExample } from './bits.js';
import { expectNoInfluence } from './company.js';
import { families } from './families.js';
import { classifierOf, randomBatch, turnLabels } from './loaded.js';

const EXAMPLES = 40;

/** How a process may have been set up; an example's results must not show it. */
const SETUPS: readonly ClassifierOptions[] = [
  { threads: 1, engineBatch: 128 },
  { threads: 1, engineBatch: 7 },
  { threads: 2, engineBatch: 16 },
  { threads: 4, engineBatch: 128 },
];

describe('the bits of logits, loss and gradient of an example', () => {
  it.each(Object.entries(families))(
    'depend neither on its batch nor on threads (%s)',
    async (_name, family) => {
      const { graph, shape, classes } = family(3);
      const all = { ...randomBatch(5, EXAMPLES, shape), labels: turnLabels(EXAMPLES, classes) };
      const opened: EngineClassifier[] = [];
      for (const setup of SETUPS) opened.push(await classifierOf(graph, {}, setup));
      await expectNoInfluence(opened, all, 16);
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
