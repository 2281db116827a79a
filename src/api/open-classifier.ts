import type { ClassifierOptions, EngineClassifier } from '../classifier/engine-classifier.js';
import { loadClassifier } from '../classifier/load-classifier.js';
import { NATIVE, type EngineChoice } from '../engine/choice.js';
import { openEngine } from '../engine/open.js';
import { resolveModel } from '../models/reference.js';

export interface OpenOptions extends Omit<ClassifierOptions, 'structure' | 'remarks'> {
  /** Its card, if that is not beside the file. */
  readonly card?: string;
  readonly engine?: EngineChoice;
}

/**
 * Loads a classifier onto an engine, ONNX Runtime by default; call `dispose` when done with it.
 * @param model zoo id, or path of an ONNX file or of the model.json of a TensorFlow.js model
 * @param options its card, if that is not beside the file, and how to run it
 * @throws GauntletError UNKNOWN_MODEL, MODEL_NOT_FOUND, MODEL_UNREADABLE, MODEL_INVALID, MODEL_WEIGHTS, LAYER_UNSUPPORTED,
 *   CARD_INVALID, SHAPE_INFERENCE, ENGINE_MISSING, BACKEND_MISSING, ENGINE_COMPILE, ENGINE_OPERATOR
 */
export async function openClassifier(
  model: string,
  { card, engine = NATIVE, ...options }: OpenOptions = {},
): Promise<EngineClassifier> {
  const reference = await resolveModel(model, card === undefined ? {} : { card });
  return loadClassifier(reference, await openEngine(engine), options);
}
