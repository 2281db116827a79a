import { it } from '@jest/globals';
import { elementCount } from '../../../../src/tensor/tensor.js';
import { tf } from '../../../reference-tfjs/tfjs.js';
import { GraphFile, inTfjs } from '../graph-file.js';
import { write } from '../saved.js';
import {
  agreement,
  expectAgreement,
  graphOf,
  ofGraph,
  ofSecondEngine,
  ofTfjs,
  ofTfjsByDifferences,
  question,
} from '../witness.js';
import type { GraphCases } from './graph-case.js';

/** Tests that a graph written by hand gives the values and gradients that TensorFlow.js gives, on either engine. */
export function itMatches(cases: GraphCases): void {
  it.each(Object.entries(cases))('%s', async (_name, { shape, build, differences }) => {
    const graph = new GraphFile(shape);
    const file = graph.file(build(graph));
    const theirs = await inTfjs(file);
    const scores = tf.tidy(() => theirs(tf.zeros([1, ...shape])).shape);
    const asked = question(shape, elementCount(scores), differences === undefined ? 2 : 1);
    const lowered = graphOf(write(file));
    const ours = await ofGraph(lowered, asked);
    expectAgreement(agreement(await ofSecondEngine(lowered, asked), ours, asked));
    if (differences === undefined) expectAgreement(agreement(ours, ofTfjs(theirs, asked), asked));
    else expectAgreement(agreement(ours, ofTfjsByDifferences(theirs, asked, differences), asked), 1e-3);
  });
}
