import type { Engine } from '../engine/engine.js';
import { createOnnxRuntimeEngine } from '../engine/onnxruntime/engine.js';
import { GauntletError } from '../errors.js';
import type { ModelReference } from '../evaluate/cell.js';
import { loadForeignModel, loadModel } from '../models/load.js';
import { createClassifier, type ClassifierOptions, type EngineClassifier } from './engine-classifier.js';

/**
 * Loads a model onto an engine. On one that differentiates by itself the native engine still finds shapes and folds constants,
 * which takes whole numbers of 64 bits; logits and gradients are the chosen engine's alone. A TensorFlow.js model that cannot be
 * lowered to a graph runs on that engine as it is, and says so in its remarks.
 * @throws GauntletError as loadModel; ENGINE_COMPILE, ENGINE_OPERATOR
 */
export async function loadClassifier(
  reference: ModelReference,
  engine: Engine,
  options: ClassifierOptions = {},
): Promise<EngineClassifier> {
  const how = { straightThrough: reference.gradient === 'straight-through', ...options };
  if (engine.differentiates !== true) {
    return createClassifier(await loadModel(reference, engine), engine, how);
  }
  const structure = await createOnnxRuntimeEngine();
  try {
    return await createClassifier(await loadModel(reference, structure), engine, { ...how, structure });
  } catch (error) {
    if (!isNotLowered(error)) throw error;
    const remarks = [{ code: 'not-lowered', message: notLowered(error.message), evidence: {} }];
    return createClassifier(await loadForeignModel(reference, engine), engine, { ...how, remarks });
  }
}

const isNotLowered = (error: unknown): error is GauntletError =>
  error instanceof GauntletError && error.key === 'LAYER_UNSUPPORTED';

const notLowered = (reason: string): string =>
  `the model runs in TensorFlow.js as it is, as Gauntlet cannot make it a graph: ${reason}`;
