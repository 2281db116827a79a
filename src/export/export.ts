import type { InputSpec } from '../classifier/classifier.js';
import type { Engine } from '../engine/engine.js';
import { runnerOf } from '../engine/runner.js';
import type { Graph } from '../graph/ir.js';
import { bytesSource } from '../graph/onnx/byte-source.js';
import { readOnnx } from '../graph/onnx/read.js';
import type { ModelCard } from '../models/card.js';
import type { LoadedModel } from '../models/load.js';
import { lowerLayersModel } from '../models/tfjs/layers-model.js';
import { readModelJson } from '../models/tfjs/model-json.js';
import { openWeights } from '../models/tfjs/weights.js';
import { exportedCard } from './card.js';
import { differenceOf } from './difference.js';
import { onnxBytes } from './onnx.js';
import { canonical, cleaned, requireDeterministic } from './prepare.js';
import { layersFiles, type ExportedFile } from './tfjs/model-files.js';
import { writeLayers } from './tfjs/write-layers.js';

/** What a model can be written in. */
export const EXPORT_FORMATS = ['tfjs-layers', 'onnx'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A model written in a format, in memory. */
export interface ExportedModel {
  /** The model's own file last, so that it never names a file that is not there yet. */
  readonly files: readonly ExportedFile[];
  readonly card: ModelCard;
  readonly input: InputSpec;
  /** See differenceOf. */
  readonly difference: number;
}

interface Written {
  readonly files: readonly ExportedFile[];
  readonly input: InputSpec;
  /** The files read as a model file is. */
  readonly readBack: (features: string | undefined) => Graph;
}

type Write = (model: LoadedModel, engine: Engine, tool: string) => Promise<Written>;

const FORMATS: Readonly<Record<ExportFormat, Write>> = {
  'tfjs-layers': async (model, engine, tool) => {
    const run = runnerOf(engine);
    const { logits, features } = model;
    const names = { logits, ...(features !== undefined && { features }) };
    const layers = await writeLayers(await canonical(model, run), model.input, run, names);
    const files = layersFiles(layers, model.id, tool);
    const contents = new Map(files.map(({ name, content }) => [name, content]));
    return {
      files,
      input: layers.input,
      readBack: (inner) => {
        const { topology, groups } = readModelJson(bytesSource(contents.get('model.json')!), model.id);
        const weights = openWeights(groups, (name) => bytesSource(contents.get(name)!), model.id);
        return lowerLayersModel(topology, weights, model.id, undefined, inner);
      },
    };
  },
  onnx: async (model, engine) => {
    const content = onnxBytes(await cleaned(model, runnerOf(engine)), model);
    const readBack = () => readOnnx(content, model.id);
    return { files: [{ name: 'model.onnx', content }], input: model.input, readBack };
  },
};

/**
 * Writes a classifier in a format, preprocessing inside, and compares what was written, read back, with the model.
 * @param original card of the model, if it has one
 * @param tool name and version of what writes, as the file tells
 * @throws GauntletError EXPORT_UNSUPPORTED; INTERNAL where the export computes something else.
 */
export async function exportGraph(
  model: LoadedModel,
  format: ExportFormat,
  original: ModelCard | undefined,
  engine: Engine,
  tool: string,
): Promise<ExportedModel> {
  requireDeterministic(model);
  const { files, input, readBack } = await FORMATS[format](model, engine, tool);
  const card = exportedCard(model, input, original);
  const difference = await differenceOf(model, readBack(card.features), card, engine);
  return { files, card, input, difference };
}
