import { createOnnxRuntimeEngine } from '../engine/onnxruntime/engine.js';
import type { Engine } from '../engine/engine.js';
import { GauntletError } from '../errors.js';
import type { Graph } from '../graph/ir.js';
import type { ModelReference } from '../evaluate/cell.js';
import { inspectClassifier } from '../inspect/classifier.js';
import { inspectFile } from '../inspect/file.js';
import { warningsAbout } from '../inspect/warnings.js';
import { readCard, withOutputs, type ModelCard } from '../models/card.js';
import { asClassifier } from '../models/load.js';
import { openModel, type ModelFile } from '../models/model-file.js';
import { resolveModel } from '../models/reference.js';
import type { Inspection } from '../results/schema/inspection.js';

/**
 * Says what is in a model file and what Gauntlet makes of it. A file that is no classifier is described all the same, with
 * the reason why it is none.
 * @param model zoo id, or path of an ONNX file or of the model.json of a TensorFlow.js model
 * @throws GauntletError UNKNOWN_MODEL, MODEL_NOT_FOUND, MODEL_UNREADABLE, MODEL_INVALID, MODEL_WEIGHTS, LAYER_UNSUPPORTED,
 *   CARD_INVALID, ENGINE_MISSING
 */
export async function inspectModel(
  model: string,
  { card, ...named }: { readonly card?: string; readonly output?: string; readonly features?: string } = {},
): Promise<Inspection> {
  const reference = await resolveModel(model, {
    ...(card === undefined ? {} : { card }),
    ...named,
  });
  const written = reference.card === undefined ? undefined : await readCard(reference.card);
  const { graph, format, bytes } = readGraph(reference.path, written);
  const classifier = await classifierIn(graph, reference, written, await createOnnxRuntimeEngine());
  return {
    schemaVersion: 1,
    kind: 'inspection',
    model: {
      id: reference.id,
      path: reference.path,
      card: reference.card ?? null,
      sha256: reference.sha256,
      bytes,
    },
    file: inspectFile(graph, format),
    classifier,
    warnings: warningsAbout(graph, reference.card !== undefined, classifier),
  };
}

function readGraph(
  path: string,
  card: ModelCard | undefined,
): Pick<ModelFile, 'format'> & { readonly graph: Graph; readonly bytes: number } {
  const file = openModel(path);
  try {
    return { graph: file.graph(card?.input?.shape, card?.features), format: file.format, bytes: file.size };
  } finally {
    file.close();
  }
}

async function classifierIn(
  graph: Graph,
  { id, path, sha256, gradient, ...named }: ModelReference,
  card: ModelCard | undefined,
  engine: Engine,
): Promise<Inspection['classifier']> {
  try {
    const loaded = await asClassifier(graph, engine, withOutputs(card, named), path);
    return await inspectClassifier({ id, sha256, bytes: 0, ...loaded }, engine, gradient !== undefined);
  } catch (error) {
    if (!(error instanceof GauntletError)) throw error;
    return { status: 'refused', code: error.code, reason: error.message, help: error.help };
  }
}
