import { GauntletError, messageOf } from '../../errors.js';
import type { Graph } from '../../graph/ir.js';
import type { DataType, Tensor } from '../../tensor/tensor.js';
import type { Session } from '../engine.js';
import { ownGradientOf, type OwnGradient } from '../own-gradient.js';
import { execute, stepsOf, type Step } from './execute.js';
import { openForeignModels } from './foreign-model.js';
import { fromTf, toTf } from './tensors.js';
import { tf } from './tf.js';
import { Value } from './value.js';

/**
 * A graph that TensorFlow.js runs node by node; a gradient in it is that of TensorFlow.js's own tape. Weights stay in the backend's
 * memory until the session is released, nothing else does after a run.
 * @param backend name of a TensorFlow.js backend that is ready
 * @throws GauntletError ENGINE_OPERATOR; MODEL_INVALID for a model that TensorFlow.js is to run as it is and cannot read
 */
export async function openSession(graph: Graph, backend: string): Promise<Session> {
  use(backend);
  const foreign = await openForeignModels(graph);
  use(backend);
  // The bytes of a model that TensorFlow.js has loaded are no value of the graph.
  const own = [...graph.initializers].filter(([name]) => !foreign.weights.has(name));
  const constants = new Map(own.map(([name, tensor]) => [name, toTf(tensor)]));
  const release = (steps: readonly Step[]): void => {
    tf.dispose([...constants.values(), ...steps.flatMap(({ prepared }) => prepared)]);
    foreign.release();
  };
  const gradient = ownGradientOf(graph);
  let steps: readonly Step[];
  try {
    const nodes = graph.nodes.filter((node) => node !== gradient?.node);
    steps = stepsOf(nodes, constants, foreign.operators);
  } catch (error) {
    release([]);
    throw error;
  }
  const program: Program = { graph, constants, steps, gradient };
  return {
    run: (feeds, fetches = graph.outputs.map(({ name }) => name)) => {
      use(backend);
      return read(
        graph,
        guarded(graph.name, (results) => runOnce(program, feeds, fetches, results)),
      );
    },
    release: () => {
      release(steps);
      return Promise.resolve();
    },
  };
}

interface Program {
  readonly graph: Graph;
  readonly constants: ReadonlyMap<string, tf.Tensor>;
  readonly steps: readonly Step[];
  readonly gradient: ReturnType<typeof ownGradientOf>;
}

/** Backends are global to TensorFlow.js. Switching to one that is ready happens at once, so no other run comes in between. */
function use(backend: string): void {
  if (tf.getBackend() !== backend) void tf.setBackend(backend);
}

/** Runs the graph; what is fetched is put into `results`, in tensors that outlive the run. */
function runOnce(
  { graph, constants, steps, gradient }: Program,
  feeds: Readonly<Record<string, Tensor>>,
  fetches: readonly string[],
  results: Map<string, tf.Tensor>,
): void {
  const fed = new Map(graph.inputs.map(({ name }) => [name, toTf(feeds[name]!)]));
  const forward = (): Map<string, Value> => {
    const values = new Map([...constants, ...fed].map(([name, tensor]) => [name, Value.of(tensor)]));
    execute(steps, values, gradient?.straightThrough === true);
    for (const name of fetches) {
      const value = values.get(name);
      // A clone, as what is fetched may be an input or a weight, which are disposed of apart.
      if (value !== undefined) results.set(name, tf.keep(tf.clone(value.tensor)));
    }
    return values;
  };
  if (gradient === undefined) forward();
  else results.set(gradient.node.outputs[0]!, tf.keep(slopeOf(gradient, fed, forward)));
}

/** The gradient by TensorFlow.js: zeros where nothing leads from the input to the value. */
function slopeOf(
  { value, cotangent, input }: OwnGradient,
  fed: ReadonlyMap<string, tf.Tensor>,
  forward: () => Map<string, Value>,
): tf.Tensor {
  const x = fed.get(input)!;
  // The cotangent is an input, or computed from inputs other than the one that is differentiated by.
  let weights: tf.Tensor | undefined;
  const scalar = (): tf.Scalar => {
    const values = forward();
    weights = values.get(cotangent)!.tensor;
    return tf.sum(tf.mul(values.get(value)!.tensor, weights));
  };
  const { grads } = tf.engine().gradients(scalar, [x], undefined, true);
  return (grads as (tf.Tensor | undefined)[])[0] ?? tf.zerosLike(x);
}

/** Runs in a scope of its own, and says what failed in words. */
function guarded(
  name: string,
  run: (results: Map<string, tf.Tensor>) => void,
): ReadonlyMap<string, tf.Tensor> {
  const engine = tf.engine();
  const results = new Map<string, tf.Tensor>();
  engine.startScope('run');
  try {
    run(results);
    return results;
  } catch (error) {
    forgetTape();
    tf.dispose([...results.values()]);
    if (error instanceof GauntletError) throw error;
    throw new GauntletError(
      'ENGINE_RUN',
      `TensorFlow.js (${tf.getBackend()}) failed in graph "${name}": ${messageOf(error)}`,
      { cause: error },
    );
  } finally {
    engine.endScope();
  }
}

/** What a run that failed had saved for its gradients. */
function forgetTape(): void {
  const { state } = tf.engine();
  // There is none but while a gradient is computed.
  const tape = state.activeTape as typeof state.activeTape | null;
  for (const { saved } of tape ?? []) tf.dispose(saved ?? []);
  state.activeTape = null as never;
}

async function read(graph: Graph, results: ReadonlyMap<string, tf.Tensor>): Promise<Record<string, Tensor>> {
  const declared = new Map<string, DataType>(
    graph.outputs.flatMap(({ name, type, undeclared }) =>
      undeclared === 'type and shape' ? [] : [[name, type] as const],
    ),
  );
  const read: Record<string, Tensor> = {};
  for (const [name, tensor] of results) {
    read[name] = await fromTf(tensor, declared.get(name));
    tensor.dispose();
  }
  return read;
}
