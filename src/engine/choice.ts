import type { Engine } from './engine.js';
import { createOnnxRuntimeEngine } from './onnxruntime/engine.js';

/** Which engine computes, as plain JSON. */
export interface EngineChoice {
  readonly engine: EngineName;
  /** Backend of TensorFlow.js; `auto` by default. */
  readonly backend?: string;
}

/** `native` is ONNX Runtime, `tfjs` is TensorFlow.js. */
export type EngineName = (typeof ENGINES)[number];

export const ENGINES = ['native', 'tfjs'] as const;

export const NATIVE: EngineChoice = { engine: 'native' };

/**
 * Loads the engine chosen, and no other.
 * @throws GauntletError ENGINE_MISSING, BACKEND_MISSING, USAGE
 */
export async function openEngine({ engine, backend }: EngineChoice): Promise<Engine> {
  if (engine === 'native') return createOnnxRuntimeEngine();
  const { createTfjsEngine } = await import('./tfjs/engine.js');
  return createTfjsEngine(backend);
}
