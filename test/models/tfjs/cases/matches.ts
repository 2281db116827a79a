import { it } from '@jest/globals';
import * as layers from '@tensorflow/tfjs-layers';
import { randomise, saved, withSettings, write } from '../saved.js';
import {
  apply,
  exampleCount,
  expectAgreement,
  expectAnswerOf,
  agreement,
  graphOf,
  ofGraph,
  ofSecondEngine,
  question,
} from '../witness.js';
import { tfl, type LayerCase, type LayerCases, type Symbolic } from './layer-case.js';

/** The model of a case in TensorFlow.js, its scores a vector. */
export function modelOf({ shape, build, head = 'dense' }: LayerCase): layers.LayersModel {
  const input = layers.input({ shape: [...shape] });
  const inner = build(input);
  const flat = inner.shape.length === 2 ? inner : (tfl.flatten().apply(inner) as Symbolic);
  const scores = head === 'dense' ? (tfl.dense({ units: 4 }).apply(flat) as Symbolic) : flat;
  return layers.model({ inputs: input, outputs: scores });
}

/** Tests that a model of random weights, saved and read, gives the scores and gradients that TensorFlow.js gives, on either engine. */
export function itMatches(cases: LayerCases): void {
  it.each(Object.entries(cases))('%s', async (_name, given) => {
    const model = modelOf(given);
    randomise(model, 11);
    const asked = question(given.shape, model.outputs[0]!.shape[1]!, exampleCount(given.differences));
    const path = write(withSettings(await saved(model), given.settings ?? {}));
    const graph = graphOf(path);
    const ours = await ofGraph(graph, asked);
    expectAgreement(agreement(await ofSecondEngine(graph, asked), ours, asked));
    expectAnswerOf(apply(model), ours, asked, given.differences);
  });
}
