import { availableParallelism } from 'node:os';
import type * as ort from 'onnxruntime-node';
import type { InferenceSession } from 'onnxruntime-node';
import { GauntletError, messageOf } from '../../errors.js';
import type { Graph } from '../../graph/ir.js';
import { writeSplitOnnx } from '../../graph/onnx/write.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { CompileOptions, Engine, Session } from '../engine.js';
import { fromOrt, toOrt } from './tensors.js';

type Ort = typeof ort;

/** ORT logs straight to stderr, which is the user's; whatever is an error reaches the user as a GauntletError. */
const LOG_SEVERITY_FATAL = 4;

/**
 * Weights of at least so many bytes are handed over beside the model: ONNX Runtime copies them once, and a message of more
 * than 2 GB, which protobuf does not allow, never comes about.
 */
const LARGE = 65_536;

/**
 * Options measured to be the fastest that keep results independent of batch and threads. Spinning threads would
 * fight with those of other sessions of the same process, to several times the run time.
 */
const sessionOptions = (
  threads: number,
  { tracePrefix, provider }: OnnxRuntimeOptions,
): InferenceSession.SessionOptions => ({
  ...(provider !== undefined && provider !== 'cpu' && { executionProviders: [provider] }),
  graphOptimizationLevel: 'all',
  enableCpuMemArena: true,
  enableMemPattern: true,
  executionMode: 'sequential',
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  logSeverityLevel: LOG_SEVERITY_FATAL,
  extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  ...(tracePrefix !== undefined && { enableProfiling: true, profileFilePrefix: tracePrefix }),
});

/** Where graphs run; what a provider other than `cpu` cannot run, the CPU does. */
export const PROVIDERS = ['cpu', 'cuda', 'webgpu'] as const;
export type Provider = (typeof PROVIDERS)[number];

export interface OnnxRuntimeOptions {
  /** `cpu` by default. Results of another one are reproducible on its own kind of machine at most. */
  readonly provider?: Provider;
  /**
   * Makes every session record when each kernel ran, and write it at its release as a JSON trace (Chrome's trace event format)
   * into a file whose path starts with this. Recording costs a little time.
   */
  readonly tracePrefix?: string;
}

/**
 * The native engine, ONNX Runtime, on the CPU unless the options name another provider; its id then names it too. The library is
 * loaded here and not before.
 * @throws GauntletError ENGINE_MISSING when onnxruntime-node or its native binding cannot be loaded, PROVIDER_UNAVAILABLE when
 *   the provider is not usable here.
 */
export async function createOnnxRuntimeEngine(options: OnnxRuntimeOptions = {}): Promise<Engine> {
  const ort = await loadOnnxRuntime();
  const { provider = 'cpu' } = options;
  const engine: Engine = {
    id: provider === 'cpu' ? 'onnxruntime' : `onnxruntime-${provider}`,
    version: ort.env.versions.node ?? 'unknown',
    compile: (graph, compileOptions) => compile(ort, graph, compileOptions, options),
  };
  if (provider !== 'cpu') await requireProvider(engine, provider);
  return engine;
}

/** x + x. */
const PROBE: Graph = {
  name: 'probe',
  opsets: { '': 17 },
  nodes: [{ name: 'Add', op: 'Add', domain: '', inputs: ['x', 'x'], outputs: ['y'], attributes: {} }],
  initializers: new Map(),
  inputs: [{ name: 'x', type: 'float32', dims: [1] }],
  outputs: [{ name: 'y', type: 'float32', dims: [1] }],
};

/** Tries the provider on a graph that every one can run, so that a machine without it says so before the work begins. */
async function requireProvider(engine: Engine, provider: Provider): Promise<void> {
  try {
    const session = await engine.compile(PROBE);
    await session.run({ x: { type: 'float32', dims: [1], data: Float32Array.of(1) } });
    await session.release();
  } catch (cause) {
    throw new GauntletError('PROVIDER_UNAVAILABLE', `${provider} is not usable here: ${messageOf(cause)}`, {
      cause,
    });
  }
}

async function loadOnnxRuntime(): Promise<Ort> {
  try {
    return await import('onnxruntime-node');
  } catch (error) {
    throw new GauntletError('ENGINE_MISSING', `onnxruntime-node did not load: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function compile(
  ort: Ort,
  graph: Graph,
  { threads }: CompileOptions = {},
  options: OnnxRuntimeOptions,
): Promise<Session> {
  let native: InferenceSession;
  try {
    const { bytes, external } = writeSplitOnnx(graph, LARGE);
    native = await ort.InferenceSession.create(bytes, {
      ...sessionOptions(threads ?? availableParallelism(), options),
      externalData: external,
    });
  } catch (error) {
    throw new GauntletError(
      'ENGINE_COMPILE',
      `ONNX Runtime refused graph "${graph.name}": ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
  return {
    run: (feeds, fetches) => run(ort, native, graph.name, feeds, fetches),
    release: () => {
      if (options.tracePrefix !== undefined) native.endProfiling();
      return native.release();
    },
  };
}

async function run(
  ort: Ort,
  native: InferenceSession,
  graphName: string,
  feeds: Readonly<Record<string, Tensor>>,
  fetches: readonly string[] | undefined,
): Promise<Record<string, Tensor>> {
  try {
    const wrapped = Object.fromEntries(
      Object.entries(feeds).map(([name, tensor]) => [name, toOrt(ort, tensor)]),
    );
    const results = await (fetches === undefined ? native.run(wrapped) : native.run(wrapped, fetches));
    return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, fromOrt(value, name)]));
  } catch (error) {
    if (error instanceof GauntletError) throw error;
    const shapes = Object.entries(feeds).map(
      ([name, { type, dims }]) => `${name}: ${type}[${dims.join(', ')}]`,
    );
    throw new GauntletError(
      'ENGINE_RUN',
      `ONNX Runtime failed in graph "${graphName}" fed with ${shapes.join('; ')}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}
