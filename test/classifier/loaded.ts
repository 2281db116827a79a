import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime/engine.js';
import {
  createClassifier,
  type ClassifierOptions,
  type EngineClassifier,
} from '../../src/classifier/engine-classifier.js';
import type { Graph } from '../../src/graph/ir.js';
import type { ModelCard } from '../../src/models/card.js';
import { asClassifier, type LoadedModel } from '../../src/models/load.js';
import type { Batch } from '../../src/tensor/batch.js';
import { elementCount } from '../../src/tensor/tensor.js';
import { randomFloats } from '../fixtures/graphs.js';

export const engine = await createOnnxRuntimeEngine();

/** A graph in memory as a loaded model. */
export async function loaded(
  graph: Graph,
  card: Omit<ModelCard, 'schemaVersion'> = {},
): Promise<LoadedModel> {
  return {
    id: graph.name,
    sha256: '',
    bytes: 0,
    ...(await asClassifier(graph, engine, { schemaVersion: 1, ...card })),
  };
}

/** A graph in memory as a classifier. */
export async function classifierOf(
  graph: Graph,
  card: Omit<ModelCard, 'schemaVersion'> = {},
  options: ClassifierOptions = {},
): Promise<EngineClassifier> {
  return createClassifier(await loaded(graph, card), engine, { threads: 1, ...options });
}

/** Examples drawn uniformly from [0, 1]. */
export function randomBatch(seed: number, count: number, shape: readonly number[]): Batch {
  const data = randomFloats(seed, count * elementCount(shape)).map((value) => (value + 1) / 2);
  return { shape, data, keys: Array.from({ length: count }, (_, i) => i) };
}

/** Labels 0, 1, ... in turn. */
export function turnLabels(count: number, classes: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i % classes);
}
