import { GauntletError, messageOf } from '../../errors.js';
import type { Tensor } from '../../tensor/tensor.js';
import { GraphBuilder } from '../builder.js';
import { BATCH, type Graph, type GraphRunner, type ValueInfo } from '../ir.js';
import { probeFeeds } from '../probe.js';
import { inferShapes } from '../shapes.js';
import { foldInputFree } from './fold-constants.js';
import { openBatchOf } from './rebatch-rules.js';

/** Rows may differ by this much, relative to the largest value: another batch may take other kernels. */
const TOLERANCE = 1e-5;

/**
 * Opens the batch axis of a model exported for a batch of 1. Constants and attributes that hold the 1 are rewritten, and
 * the result is run to see that every row comes out as it does alone. A graph whose inputs all have an open batch axis
 * is returned as it is.
 *
 * @throws GauntletError MODEL_INVALID when the batch is fixed at another size, or when rows do not come out the same.
 */
export async function rebatch(graph: Graph, run: GraphRunner): Promise<Graph> {
  const fixed = graph.inputs.filter((input) => typeof input.dims[0] !== 'string');
  if (fixed.length === 0) return graph;
  const wrong = fixed.find((input) => input.dims[0] !== 1);
  if (wrong !== undefined)
    throw new GauntletError(
      'MODEL_INVALID',
      `input "${wrong.name}" has a fixed shape [${wrong.dims.join(', ')}] whose first dimension is not 1`,
      { help: 'Export the model with a batch of 1 or an open batch axis.' },
    );

  // Weights that the graph itself reshapes must not be mistaken for data.
  const single = await foldInputFree(graph, run);
  const shapes = await inferShapes(single, run);
  const builder = new GraphBuilder(single);
  const nodes = single.nodes.map((node) => openBatchOf(node, { graph: single, shapes, builder }));
  const inputs = graph.inputs.map(withBatch);
  const batched = { ...builder.build(), nodes, inputs, outputs: graph.outputs.map(withBatch) };
  await requireSameRows(graph, batched, run);
  return batched;
}

const withBatch = (value: ValueInfo): ValueInfo =>
  value.dims[0] === 1 ? { ...value, dims: [BATCH, ...value.dims.slice(1)] } : value;

type Values = Readonly<Record<string, Tensor>>;

async function requireSameRows(single: Graph, batched: Graph, run: GraphRunner): Promise<void> {
  const feeds = probeFeeds(batched, 2);
  const rows = [rowOf(feeds, 0), rowOf(feeds, 1)] as const;
  const alone = [await run(single, rows[0]), await run(single, rows[1])] as const;
  let together: Values;
  let one: Values;
  try {
    together = await run(batched, feeds);
    one = await run(batched, rows[0]);
  } catch (error) {
    throw fixedBatch(`a batch of 2 does not run: ${messageOf(error)}`, error);
  }
  for (const { name } of single.outputs) {
    const expected = [alone[0][name]!, alone[1][name]!] as const;
    requireSame(name, together[name]!, expected);
    requireSame(name, one[name]!, [expected[0]]);
  }
}

const fixedBatch = (reason: string, cause?: unknown): GauntletError =>
  new GauntletError(
    'MODEL_INVALID',
    `the model was exported for a batch of 1 and cannot be opened: ${reason}`,
    {
      cause,
      help: 'Export the model with an open batch axis (dynamic_axes).',
    },
  );

/** Example `row` of every input, as a batch of 1. */
function rowOf(feeds: Values, row: number): Values {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { type, dims, data }]) => {
      const size = data.length / dims[0]!;
      return [name, { type, dims: [1, ...dims.slice(1)], data: data.subarray(row * size, (row + 1) * size) }];
    }),
  );
}

function requireSame(name: string, together: Tensor, alone: readonly Tensor[]): void {
  const wanted = [alone.length, ...alone[0]!.dims.slice(1)];
  if (alone[0]!.dims[0] !== 1 || together.dims.join() !== wanted.join())
    throw fixedBatch(
      `output "${name}" is [${alone[0]!.dims.join(', ')}] for one example and [${together.dims.join(', ')}] for ${alone.length}`,
    );
  const expected = alone.flatMap(({ data }) => Array.from(data as ArrayLike<number | bigint>, Number));
  const bound = TOLERANCE * expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  const error = expected.reduce(
    (worst, value, i) => Math.max(worst, Math.abs(value - Number(together.data[i]!))),
    0,
  );
  // Written so that a NaN among the values fails too.
  if (!(error <= bound))
    throw fixedBatch(`output "${name}" of an example changes by ${error} beside another example`);
}
