import { GauntletError } from '../errors.js';
import { elementCount, type Tensor } from '../tensor/tensor.js';
import { dataTypes } from './onnx/data-type.js';
import { prune } from './passes/prune.js';
import type { Graph, GraphRunner, ValueInfo } from './ir.js';

/** Fractions of the golden ratio's multiples are spread evenly and never repeat. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Values to run a graph on when only its structure is of interest: floats within (0.05, 0.95), all different; zeros for
 * other types, which may be indices.
 */
export function probeTensor(type: Tensor['type'], dims: readonly number[]): Tensor {
  const data = new dataTypes[type].array(elementCount(dims));
  if (type === 'float32' || type === 'float64')
    for (let i = 0; i < data.length; i++) data[i] = 0.05 + 0.9 * (((i + 1) * GOLDEN) % 1);
  return { type, dims, data };
}

/**
 * A probe for every input of the graph, with `batch` rows where the first dimension is open.
 * @throws GauntletError SHAPE_INFERENCE for an input with another open dimension.
 */
export function probeFeeds(graph: Graph, batch: number): Record<string, Tensor> {
  return Object.fromEntries(
    graph.inputs.map((input) => [input.name, probeTensor(input.type, concreteDims(input, batch))]),
  );
}

function concreteDims({ name, dims }: ValueInfo, batch: number): number[] {
  return dims.map((dim, axis) => {
    if (typeof dim === 'number') return dim;
    if (axis === 0) return batch;
    throw new GauntletError(
      'SHAPE_INFERENCE',
      `input "${name}" of shape [${dims.join(', ')}] leaves dimension ${axis} open; only the first, the batch, may be`,
      { help: 'Export the model with a fixed input size, or name the size in a card.' },
    );
  });
}

/** True when the first dimension of some input is open. */
export const hasOpenBatch = (graph: Graph): boolean =>
  graph.inputs.some((input) => typeof input.dims[0] === 'string');

/**
 * Runs the graph on probes and returns the given values of it, intermediate ones included.
 * @throws GauntletError SHAPE_INFERENCE when the graph does not run.
 */
export async function probe(
  graph: Graph,
  run: GraphRunner,
  batch: number,
  values: Iterable<string>,
): Promise<Readonly<Record<string, Tensor>>> {
  const declared = new Map(graph.outputs.map((output) => [output.name, output]));
  const outputs = Array.from(
    new Set(values),
    (name): ValueInfo =>
      declared.get(name) ?? { name, type: 'float32', dims: [], undeclared: 'type and shape' },
  );
  if (outputs.length === 0) return {};
  const needed = prune({ ...graph, outputs });
  const feeds = probeFeeds(needed, batch);
  try {
    return await run(needed, feeds);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new GauntletError(
      'SHAPE_INFERENCE',
      `graph "${graph.name}" does not run with a batch of ${batch}: ${reason}`,
      { cause: error },
    );
  }
}
