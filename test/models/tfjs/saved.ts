import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as layers from '@tensorflow/tfjs-layers';
import { randomFloats } from '../../fixtures/graphs.js';
import { tf } from '../../reference-tfjs/tfjs.js';

/** Gives every weight of a model random values in [-1, 1), variances in [0.5, 1.5); the largest sum of a neuron stays near one. */
export function randomise(model: layers.LayersModel, seed: number): void {
  const names = model.weights.map(({ originalName }) => originalName);
  const values = model.getWeights().map((weight, i) => {
    const fanIn = weight.rank < 2 ? 1 : weight.size / weight.shape.at(-1)!;
    const scale = Math.sqrt(3 / Math.max(1, fanIn));
    const random = randomFloats(seed + i, weight.size);
    const data = names[i]!.endsWith('variance')
      ? random.map((value) => 1 + value / 2)
      : random.map((value) => value * scale);
    return tf.tensor(data, weight.shape, 'float32');
  });
  model.setWeights(values);
}

export interface SavedModel {
  readonly topology: object;
  readonly weightSpecs: readonly tf.io.WeightsManifestEntry[];
  readonly weightData: Uint8Array;
  /** What stands beside topology and weights; the format of layers by default. */
  readonly json?: object;
}

/** What TensorFlow.js would write of the model. */
export async function saved(model: layers.LayersModel): Promise<SavedModel> {
  let found: SavedModel | undefined;
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs = [], weightData }) => {
      const data = tf.io.CompositeArrayBuffer.join(weightData);
      found = { topology: modelTopology as object, weightSpecs, weightData: new Uint8Array(data) };
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
    }),
  );
  return found!;
}

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-tfjs-'));
let count = 0;

/** Writes model.json and its weights, in one shard or more, into a folder of its own; gives the path of model.json. */
export function write({ topology, weightSpecs, weightData, json }: SavedModel, shards = 1): string {
  const place = mkdtempSync(join(folder, `${count++}-`));
  const length = Math.ceil(weightData.length / shards);
  const paths = Array.from({ length: shards }, (_, i) => `group1-shard${i + 1}of${shards}.bin`);
  paths.forEach((path, i) =>
    writeFileSync(join(place, path), weightData.subarray(i * length, (i + 1) * length)),
  );
  const whole = {
    ...(json ?? { format: 'layers-model' }),
    modelTopology: topology,
    weightsManifest: [{ paths, weights: weightSpecs }],
  };
  writeFileSync(join(place, 'model.json'), JSON.stringify(whole));
  return join(place, 'model.json');
}

type Json = Record<string, unknown>;

/** The model with settings of its layers changed, by class name: what Keras can say and TensorFlow.js does not write. */
export function withSettings(model: SavedModel, settings: Readonly<Record<string, Json>>): SavedModel {
  const topology = JSON.parse(JSON.stringify(model.topology)) as { config: { layers: Json[] } };
  for (const layer of topology.config.layers)
    Object.assign(layer['config'] as Json, settings[layer['class_name'] as string]);
  return { ...model, topology };
}
