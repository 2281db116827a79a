import type { ForeignSource } from '../../engine/tfjs/foreign-model.js';
import { OWN_DOMAIN } from '../../engine/own-gradient.js';
import { BATCH, type Dimension, type Graph } from '../../graph/ir.js';
import { openModelFiles } from '../model-files.js';
import type { JsonObject } from './json.js';
import { readModelJson } from './model-json.js';

/**
 * A graph of a single node that stands for a whole TensorFlow.js model, for the engine that can run it as it is.
 * @param path of its model.json
 * @param shape of one example, where the file leaves it open
 * @throws GauntletError MODEL_NOT_FOUND, MODEL_UNREADABLE; MODEL_INVALID for a model that TensorFlow.js cannot read either
 */
export async function foreignGraph(
  path: string,
  shape?: readonly number[],
): Promise<{ graph: Graph; softmaxRemoved: boolean; bytes: number }> {
  const { MODEL, openForeign } = await import('../../engine/tfjs/foreign-model.js');
  const { source, weights, bytes } = readForeign(path);
  const model = await openForeign(source, weights);
  const { inputShape, softmaxRemoved } = model;
  model.dispose();
  const given = inputShape?.slice(1) ?? shape ?? [];
  const dims: Dimension[] = given.map((dim, i) =>
    dim !== null && dim > 0 ? dim : (shape?.[i] ?? `dim_${i}`),
  );
  const graph: Graph = {
    ...{ name: path, opsets: { '': 17, [OWN_DOMAIN]: 1 } },
    initializers: new Map([['weights', { type: 'uint8', dims: [weights.length], data: weights }]]),
    nodes: [
      {
        ...{
          name: 'model',
          op: MODEL,
          domain: OWN_DOMAIN,
          inputs: ['input', 'weights'],
          outputs: ['scores'],
        },
        attributes: { source: { type: 'string', value: JSON.stringify(source) } },
      },
    ],
    inputs: [{ name: 'input', type: 'float32', dims: [BATCH, ...dims] }],
    outputs: [{ name: 'scores', type: 'float32', dims: [], undeclared: 'shape' }],
  };
  return { graph, softmaxRemoved, bytes };
}

function readForeign(path: string): { source: ForeignSource; weights: Uint8Array; bytes: number } {
  const files = openModelFiles(path);
  try {
    const { format, topology, groups } = readModelJson(files.own, path);
    const json = JSON.parse(new TextDecoder().decode(files.own.read(0, files.own.size))) as JsonObject;
    const manifest = (json['weightsManifest'] ?? []) as readonly { readonly weights: readonly object[] }[];
    const shards = groups.flatMap(({ paths }) => paths.map((name) => files.beside(name)));
    const weights = Buffer.concat(shards.map((shard) => shard.read(0, shard.size)));
    const weightSpecs = manifest.flatMap(({ weights: specs }) => specs);
    return {
      source: { format, topology, weightSpecs },
      weights: Uint8Array.from(weights),
      bytes: files.own.size + weights.length,
    };
  } finally {
    files.close();
  }
}
