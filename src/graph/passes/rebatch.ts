import { GauntletError, messageOf } from '../../errors.js';
import type { Tensor } from '../../tensor/tensor.js';
import { BATCH, type Graph, type GraphRunner, type ValueInfo } from '../ir.js';
import { probe, probeFeeds } from '../probe.js';
import { foldInputFree } from './fold-constants.js';
import { openBatch } from './open-batch.js';
import { prune } from './prune.js';

/** Rows may differ by this much, relative to the largest value: another batch may take other kernels. */
const TOLERANCE = 1e-5;

/**
 * Opens the batch axis of a model exported for a batch of 1, also of one that declares an open axis and yet holds the 1
 * inside. Constants and attributes that hold it are rewritten, and the result is run to see that every row comes out as it
 * does alone. A graph that runs on any batch is returned as it is. Of several outputs, those stay whose rows come out the
 * same.
 *
 * @param required outputs that must stay
 * @throws GauntletError MODEL_INVALID when the batch is fixed at another size, or when rows do not come out the same;
 *   SHAPE_INFERENCE when the graph does not run at all.
 */
export async function rebatch(
  graph: Graph,
  run: GraphRunner,
  required: readonly string[] = [],
): Promise<Graph> {
  const fixed = graph.inputs.filter((input) => typeof input.dims[0] !== 'string');
  const wrong = fixed.find((input) => input.dims[0] !== 1);
  if (wrong !== undefined)
    throw new GauntletError(
      'MODEL_INVALID',
      `input "${wrong.name}" has a fixed shape [${wrong.dims.join(', ')}] whose first dimension is not 1`,
      { help: 'Export the model with a batch of 1 or an open batch axis.' },
    );
  if (fixed.length === 0 && (await runsOnTwo(graph, run))) return graph;

  // Weights that the graph itself reshapes must not be mistaken for data.
  const single = await foldInputFree({ ...graph, inputs: graph.inputs.map(withOneRow) }, run);
  const opened = await openBatch(single, run).catch(async (error: unknown) => {
    await probe(
      single,
      run,
      1,
      single.outputs.map(({ name }) => name),
    );
    throw fixedBatch(`a batch of 2 does not run: ${messageOf(error)}`, error);
  });
  const inputs = graph.inputs.map(withOpenBatch);
  const batched = { ...opened, inputs, outputs: graph.outputs.map(withOpenBatch) };
  return prune({ ...batched, outputs: await sameRows(single, batched, run, required) });
}

async function runsOnTwo(graph: Graph, run: GraphRunner): Promise<boolean> {
  try {
    await run(graph, probeFeeds(graph, 2));
    return true;
  } catch {
    return false;
  }
}

const withOneRow = (value: ValueInfo): ValueInfo => ({ ...value, dims: [1, ...value.dims.slice(1)] });

/** An output that has no batch axis at a batch of 1 has a shape that is left to be found. */
const withOpenBatch = (value: ValueInfo): ValueInfo => {
  if (value.undeclared !== undefined) return value;
  const [first, ...rest] = value.dims;
  const isBatch = first === 1 || typeof first === 'string';
  return isBatch ? { ...value, dims: [BATCH, ...rest] } : { ...value, dims: [], undeclared: 'shape' };
};

type Values = Readonly<Record<string, Tensor>>;

/** The outputs whose rows come out as they do alone. */
async function sameRows(
  single: Graph,
  batched: Graph,
  run: GraphRunner,
  required: readonly string[],
): Promise<ValueInfo[]> {
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
  const problems = new Map(
    batched.outputs.map(({ name }) => {
      const expected = [alone[0][name]!, alone[1][name]!] as const;
      const problem = difference(together[name]!, expected) ?? difference(one[name]!, [expected[0]]);
      return [name, problem] as const;
    }),
  );
  const kept = batched.outputs.filter(({ name }) => problems.get(name) === undefined);
  const failed = [...problems].filter(([, problem]) => problem !== undefined);
  const fatal = kept.length === 0 ? failed[0] : failed.find(([name]) => required.includes(name));
  if (fatal !== undefined) throw fixedBatch(`output "${fatal[0]}" ${fatal[1]!}`);
  return kept;
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

/** What is wrong with an output of several examples, given it for each of them alone; undefined when nothing is. */
function difference(together: Tensor, alone: readonly Tensor[]): string | undefined {
  const [first] = alone as [Tensor];
  const count = alone.length;
  const asRows = [count * (first.dims[0] ?? 1), ...first.dims.slice(1)].join();
  const withAxis = [count, ...first.dims].join();
  if (![asRows, withAxis].includes(together.dims.join()))
    return `is [${first.dims.join(', ')}] for one example and [${together.dims.join(', ')}] for ${count}`;
  const expected = alone.flatMap(({ data }) => Array.from(data as ArrayLike<number | bigint>, Number));
  const bound = TOLERANCE * expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  const error = expected.reduce(
    (worst, value, i) => Math.max(worst, Math.abs(value - Number(together.data[i]!))),
    0,
  );
  // Written so that a NaN among the values fails too.
  return error <= bound ? undefined : `of an example changes by ${error} beside another example`;
}
