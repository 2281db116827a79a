import * as layers from '@tensorflow/tfjs-layers';
import { exportGraph, type ExportedModel, type ExportFormat } from '../../src/export/export.js';
import type { Graph } from '../../src/graph/ir.js';
import type { ModelCard } from '../../src/models/card.js';
import type { LoadedModel } from '../../src/models/load.js';
import { permuted } from '../../src/tensor/permute.js';
import { floatTensor, type FloatTensor } from '../../src/tensor/tensor.js';
import { engine, loaded, randomBatch } from '../classifier/loaded.js';
import { run } from '../fixtures/engine.js';
import { tf } from '../reference-tfjs/tfjs.js';

/** A graph in memory, loaded as a classifier and exported. */
export async function exported(
  graph: Graph,
  format: ExportFormat,
  card: Omit<ModelCard, 'schemaVersion'> = {},
): Promise<{ readonly model: LoadedModel; readonly result: ExportedModel }> {
  const model = await loaded(graph, card);
  const original = { schemaVersion: 1 as const, ...card };
  return { model, result: await exportGraph(model, format, original, engine, 'test') };
}

/** Random legal examples of a model. */
export function examplesOf({ input }: LoadedModel, count = 3, seed = 5): FloatTensor {
  const { data } = randomBatch(seed, count, input.shape);
  const [lower, upper] = input.bounds;
  return floatTensor(
    data.map((value) => lower + value * (upper - lower)),
    [count, ...input.shape],
  );
}

/** Logits, and features if there are any, of a loaded model. */
export async function answersOf(model: LoadedModel, examples: FloatTensor): Promise<Float32Array[]> {
  const values = await run(model.graph, { [model.graph.inputs[0]!.name]: examples });
  const names = [model.logits, ...(model.features === undefined ? [] : [model.features])];
  return names.map((name) => values[name]!.data as Float32Array);
}

/** The examples as the export takes them. */
export const forExport = (examples: FloatTensor, model: LoadedModel, result: ExportedModel): FloatTensor =>
  result.input.layout === model.input.layout ? examples : permuted(examples, [0, 2, 3, 1]);

interface ModelJson {
  readonly modelTopology: object;
  readonly weightsManifest: readonly [
    { readonly paths: readonly string[]; readonly weights: tf.io.WeightsManifestEntry[] },
  ];
}

/** The exported layers in TensorFlow.js itself. */
export async function inTfjs({ files }: ExportedModel): Promise<layers.LayersModel> {
  const content = (name: string) => files.find((file) => file.name === name)!.content;
  const { modelTopology, weightsManifest } = JSON.parse(
    new TextDecoder().decode(content('model.json')),
  ) as ModelJson;
  const [{ paths, weights }] = weightsManifest;
  const weightData = Uint8Array.from(Buffer.concat(paths.map(content))).buffer;
  return layers.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs: weights, weightData }));
}

/** Logits, and features if there are any, as TensorFlow.js computes them. */
export async function answersInTfjs(result: ExportedModel, examples: FloatTensor): Promise<Float32Array[]> {
  const model = await inTfjs(result);
  const names = ['logits', ...(result.card.features === undefined ? [] : [result.card.features])];
  const outputs = names.map((name) => model.getLayer(name).output as layers.SymbolicTensor);
  const whole = layers.model({ inputs: model.inputs, outputs });
  return tf.tidy(() => {
    const values = whole.predict(tf.tensor(examples.data, [...examples.dims]));
    return [values].flat().map((value) => value.dataSync() as Float32Array);
  });
}

/** Largest difference between answers, relative to the largest number expected, or to 1. */
export function differenceBetween(found: readonly Float32Array[], expected: readonly Float32Array[]): number {
  const differences = expected.map((values, i) => {
    if (found[i]?.length !== values.length) return Infinity;
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    return values.reduce((most, value, j) => Math.max(most, Math.abs(value - found[i]![j]!)), 0) / scale;
  });
  return Math.max(...differences);
}

/** How far TensorFlow.js is from the graph it was exported from, and our own reader from it. */
export async function differencesOf(
  graph: Graph,
  card: Omit<ModelCard, 'schemaVersion'> = {},
): Promise<{ readonly tfjs: number; readonly readBack: number; readonly result: ExportedModel }> {
  const { model, result } = await exported(graph, 'tfjs-layers', card);
  const examples = examplesOf(model);
  const expected = await answersOf(model, examples);
  const found = await answersInTfjs(result, forExport(examples, model, result));
  return { tfjs: differenceBetween(found, expected), readBack: result.difference, result };
}
