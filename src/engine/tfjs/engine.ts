import { tfjsEngineId, type BACKENDS } from '../choice.js';
import type { Engine } from '../engine.js';
import { openBackend } from './backends.js';
import { openSession } from './session.js';

/**
 * The second engine, TensorFlow.js: it runs graphs operator by operator and takes gradients by its own automatic differentiation.
 * @param choice of backend: tensorflow, webgpu, wasm, cpu, or auto for the best that is installed
 * @throws GauntletError BACKEND_MISSING
 */
export async function createTfjsEngine(choice: (typeof BACKENDS)[number] = 'auto'): Promise<Engine> {
  const { name, version, borrowed } = await openBackend(choice);
  return {
    id: tfjsEngineId(name),
    version,
    differentiates: true,
    borrowed,
    compile: (graph) => openSession(graph, name),
  };
}
