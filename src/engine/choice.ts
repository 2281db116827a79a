import type { Engine } from './engine.js';

/** `native` is ONNX Runtime, `tfjs` is TensorFlow.js. */
export const ENGINES = ['native', 'tfjs'] as const;

export type EngineName = (typeof ENGINES)[number];

/** Backends of TensorFlow.js; `auto` is the best that is installed. */
export const BACKENDS = ['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu'] as const;

export type BackendName = Exclude<(typeof BACKENDS)[number], 'auto'>;

/** Which engine computes, as plain JSON. */
export type EngineChoice =
  | { readonly engine: 'native' }
  /** `auto` by default. */
  | { readonly engine: 'tfjs'; readonly backend?: (typeof BACKENDS)[number] };

export const NATIVE: EngineChoice = { engine: 'native' };

/** How results name a backend. */
export const tfjsEngineId = (backend: BackendName): string => `tfjs/${backend}`;

/** The choice that leads to this engine and to no other. */
export function choiceOf({ id }: Pick<Engine, 'id'>): EngineChoice {
  const backend = BACKENDS.find((name) => name !== 'auto' && tfjsEngineId(name) === id);
  return backend === undefined ? NATIVE : { engine: 'tfjs', backend };
}
