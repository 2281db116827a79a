import {
  createClassifier,
  type ClassifierOptions,
  type EngineClassifier,
} from '../classifier/engine-classifier.js';
import { createOnnxRuntimeEngine } from '../engine/onnxruntime/engine.js';
import { loadModel } from '../models/load.js';
import { resolveModel } from '../models/reference.js';

/**
 * Loads a classifier on ONNX Runtime; call `dispose` when done with it.
 * @param model zoo id, or path of an ONNX file or of the model.json of a TensorFlow.js model
 * @param options its card, if that is not beside the file, and how to run it
 * @throws GauntletError UNKNOWN_MODEL, MODEL_NOT_FOUND, MODEL_UNREADABLE, MODEL_INVALID, MODEL_WEIGHTS, LAYER_UNSUPPORTED,
 *   CARD_INVALID, SHAPE_INFERENCE, ENGINE_MISSING, ENGINE_COMPILE
 */
export async function openClassifier(
  model: string,
  { card, ...options }: ClassifierOptions & { readonly card?: string } = {},
): Promise<EngineClassifier> {
  const engine = await createOnnxRuntimeEngine();
  const reference = await resolveModel(model, card === undefined ? {} : { card });
  const straightThrough = reference.gradient === 'straight-through';
  return createClassifier(await loadModel(reference, engine), engine, { straightThrough, ...options });
}
