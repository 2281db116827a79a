import type { Engine } from '../engine/engine.js';
import type { Graph } from '../graph/ir.js';
import { asClassifier, type LoadedModel } from '../models/load.js';
import { benchNetworks, type BenchNetworkId } from './networks/index.js';

/** A network of the bench as if loaded from a file. */
export async function benchModel(id: BenchNetworkId, engine: Engine): Promise<LoadedModel> {
  const classifier = await asClassifier(benchNetworks[id].build(), engine, undefined, id);
  return { id, sha256: '', bytes: 0, ...classifier };
}

/** Number of weights and biases. */
export function parameterCount(graph: Graph): number {
  const tensors = [...graph.initializers.values()];
  const parameters = tensors.filter(({ type, dims }) => type === 'float32' && dims.length > 0);
  return parameters.reduce((count, { data }) => count + data.length, 0);
}
