import { GauntletError } from '../errors.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Graph, GraphRunner, InferredDim, Shapes } from './ir.js';
import { hasOpenBatch, probe, probeFeeds } from './probe.js';

/** Two sizes tell a fixed dimension from one proportional to the batch; neither is 1, which broadcasts. */
const BATCHES = [2, 3] as const;

/**
 * Finds the type and shape of every value of a graph by running it at two batch sizes with all values as outputs, so
 * that no shape rule of any operator has to be written down. Bodies of control-flow operators are not looked into.
 *
 * @throws GauntletError SHAPE_INFERENCE when the graph does not run, when an input leaves more than its first
 *   dimension open, or when a dimension is neither fixed nor a multiple of the batch.
 */
export async function inferShapes(graph: Graph, run: GraphRunner): Promise<Shapes> {
  const [small, large] = BATCHES;
  const atSmall = await shapesAt(graph, run, small);
  const atLarge = hasOpenBatch(graph) ? await shapesAt(graph, run, large) : atSmall;

  const shapes = new Map<string, { type: Tensor['type']; dims: readonly InferredDim[] }>();
  for (const [name, { type, dims }] of graph.initializers) shapes.set(name, { type, dims });
  for (const [name, { type, dims }] of atSmall)
    shapes.set(name, { type, dims: inferDims(name, dims, atLarge.get(name)!.dims) });
  return shapes;
}

type Shape = Pick<Tensor, 'type' | 'dims'>;

/** Shapes alone, so that the values of one batch size are gone before the next is run. */
async function shapesAt(graph: Graph, run: GraphRunner, batch: number): Promise<Map<string, Shape>> {
  const computed = graph.nodes.flatMap((node) => node.outputs).filter((name) => name !== '');
  const values = { ...(await probe(graph, run, batch, computed)), ...probeFeeds(graph, batch) };
  return new Map(Object.entries(values).map(([name, { type, dims }]) => [name, { type, dims }]));
}

function inferDims(name: string, small: readonly number[], large: readonly number[]): InferredDim[] {
  const dims = small.map((dim, axis) => inferDim(dim, large[axis]));
  if (small.length === large.length && dims.every((dim) => dim !== undefined)) return dims;
  throw new GauntletError(
    'SHAPE_INFERENCE',
    `value "${name}" has shape [${small.join(', ')}] for a batch of ${BATCHES[0]} and [${large.join(', ')}] for ` +
      `${BATCHES[1]}; each dimension must be fixed or a multiple of the batch`,
  );
}

function inferDim(small: number, large: number | undefined): InferredDim | undefined {
  if (small === large) return small;
  const multiple = small / BATCHES[0];
  return Number.isInteger(multiple) && large === multiple * BATCHES[1] ? { batch: multiple } : undefined;
}
