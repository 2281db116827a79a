import { it } from '@jest/globals';
import { elementCount } from '../../../../src/tensor/tensor.js';
import { tf } from '../../../reference-tfjs/tfjs.js';
import { GraphFile, inTfjs } from '../graph-file.js';
import { write } from '../saved.js';
import {
  exampleCount,
  expectAgreement,
  expectAnswerOf,
  agreement,
  graphOf,
  ofGraph,
  ofSecondEngine,
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
    const asked = question(shape, elementCount(scores), exampleCount(differences));
    const lowered = graphOf(write(file));
    const ours = await ofGraph(lowered, asked);
    expectAgreement(agreement(await ofSecondEngine(lowered, asked), ours, asked));
    expectAnswerOf(theirs, ours, asked, differences);
  });
}
