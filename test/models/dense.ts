import { createClassifier } from '../../src/classifier/engine-classifier.js';
import { GraphBuilder, int } from '../../src/graph/builder.js';
import { BATCH, type Dimension, type Graph } from '../../src/graph/ir.js';
import type { ModelCard } from '../../src/models/card.js';
import { randomTensor } from '../fixtures/graphs.js';
import { engine, loaded, randomBatch } from '../classifier/loaded.js';

/** A card without its version. */
export type Fields = Omit<ModelCard, 'schemaVersion'>;

/** A dense layer on the flattened input, then `tail` turns its scores [N, classes] into outputs. */
export function dense(
  dims: readonly Dimension[],
  classes: number,
  tail: (builder: GraphBuilder, scores: string) => void,
  opset = 17,
): Graph {
  const builder = new GraphBuilder({ name: 'dense', opsets: { '': opset } });
  const size = dims.slice(1).reduce<number>((product, dim) => product * (dim as number), 1);
  builder.input('x', 'float32', dims);
  const flat = builder.add('Flatten', ['x'], { axis: int(1) });
  const weights = builder.initializer('w', randomTensor(9, [size, classes], 0.5));
  tail(builder, builder.addNamed('MatMul', [flat, weights], 'scores'));
  return builder.build();
}

/** The scores as the only output. */
export const scoresOnly = (builder: GraphBuilder): void => builder.output('scores', 'float32', [BATCH, 3]);

/** Logits of a few random examples by the graph as a classifier. */
export async function logitsOf(graph: Graph, card: Fields = {}, count = 4) {
  const model = await loaded(graph, card);
  const classifier = await createClassifier(model, engine, { threads: 1 });
  try {
    const batch = randomBatch(3, count, model.input.shape);
    return { model, batch, logits: await classifier.logits(batch) };
  } finally {
    await classifier.dispose();
  }
}
