import type { EngineChoice } from './choice.js';
import type { Engine } from './engine.js';
import { createOnnxRuntimeEngine } from './onnxruntime/engine.js';

/**
 * Loads the engine chosen, and no other.
 * @throws GauntletError ENGINE_MISSING, BACKEND_MISSING
 */
export async function openEngine(choice: EngineChoice): Promise<Engine> {
  if (choice.engine === 'native') return createOnnxRuntimeEngine();
  const { createTfjsEngine } = await import('./tfjs/engine.js');
  return createTfjsEngine(choice.backend);
}
