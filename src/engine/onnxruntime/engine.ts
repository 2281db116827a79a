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
  { tracePrefix }: OnnxRuntimeOptions,
): InferenceSession.SessionOptions => ({
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

export interface OnnxRuntimeOptions {
  /**
   * Makes every session record when each kernel ran, and write it at its release as a JSON trace (Chrome's trace event format)
   * into a file whose path starts with this. Recording costs a little time.
   */
  readonly tracePrefix?: string;
}

/**
 * The native engine, ONNX Runtime on the CPU. The library is loaded here and not before.
 * @throws GauntletError ENGINE_MISSING when onnxruntime-node or its native binding cannot be loaded.
 */
export async function createOnnxRuntimeEngine(options: OnnxRuntimeOptions = {}): Promise<Engine> {
  const ort = await loadOnnxRuntime();
  return {
    id: 'onnxruntime',
    version: ort.env.versions.node ?? 'unknown',
    compile: (graph, compileOptions) => compile(ort, graph, compileOptions, options),
  };
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
