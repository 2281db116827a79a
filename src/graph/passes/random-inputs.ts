import { messageOf } from '../../errors.js';
import { elementCount, type Tensor } from '../../tensor/tensor.js';
import { GraphBuilder, ints } from '../builder.js';
import { constantsOf } from '../constants.js';
import { BATCH, type Graph, type GraphRunner, type InferredDim, type Node, type Shapes } from '../ir.js';
import { hasOpenBatch, probeFeeds } from '../probe.js';
import { inferShapes } from '../shapes.js';
import { dependenciesOf } from '../topology.js';
import { randomOperator, unusable, type Distribution, type DrawContext } from './random-operators.js';

/** An input of a graph that is fed with random numbers, float32. */
export interface RandomInput {
  readonly name: string;
  /** Shape of one example's draws, without the batch axis. */
  readonly shape: readonly number[];
  /** Standard normal, or uniform in [0, 1). */
  readonly distribution: Distribution;
}

/**
 * Makes the random numbers a graph draws inputs of it, so that it becomes a function: RandomNormal, RandomUniform, the same
 * "like" a value, Bernoulli, Multinomial, and Dropout in training mode. Every example gets draws of its own, also where the
 * file draws once for a whole batch and broadcasts. `seed` attributes are ignored: whoever feeds the inputs decides. The
 * new inputs stand behind the given ones; a graph that draws nothing is returned as it is.
 *
 * @param graph of any operator set from 7 on, whose first input is the batch of examples
 * @throws GauntletError MODEL_INVALID naming the node, for draws that cannot be told apart by example; SHAPE_INFERENCE.
 */
export async function withRandomInputs(
  graph: Graph,
  run: GraphRunner,
): Promise<{ readonly graph: Graph; readonly randomInputs: readonly RandomInput[] }> {
  const constants = constantsOf(graph);
  const version = graph.opsets[''] ?? 0;
  const operatorOf = (node: Node) => randomOperator(node, version, (name) => constants.get(name));
  for (const node of graph.nodes) requireNoneInside(node, (inner) => operatorOf(inner) !== undefined);
  const first = graph.nodes.find((node) => operatorOf(node) !== undefined);
  if (first === undefined) return { graph, randomInputs: [] };
  if (version < 7) throw unusable(first, `operator set ${version} is too old`);

  const shapes = await inferShapes(graph, run);
  const placing = { graph, shapes, fromData: reachedFrom(graph, graph.inputs[0]!.name) };
  const builder = new GraphBuilder(graph);
  const randomInputs: RandomInput[] = [];
  const nodes = graph.nodes.flatMap((node) => {
    const operator = operatorOf(node);
    if (operator === undefined) return [node];
    const added: Node[] = [];
    const emit: DrawContext['emit'] = (op, inputs, output, attributes = {}) => {
      const name = builder.fresh(`${node.name}/${op}`);
      const result = output ?? builder.fresh(`${node.outputs[0]!}/${op}`);
      added.push({ name, op, domain: '', inputs, outputs: [result], attributes });
      return result;
    };
    const place = placeOf(node, operator.shape(node, shapes), placing);
    const name = builder.fresh(`random/${node.outputs[0]!}`);
    builder.input(name, 'float32', [hasOpenBatch(graph) ? BATCH : 1, ...place.shape]);
    randomInputs.push({ name, shape: place.shape, distribution: operator.distribution });
    operator.lower({ node, shapes, builder, emit }, place.bring({ builder, emit }, name));
    return added;
  });
  const result = { ...builder.build(), nodes };
  if (hasOpenBatch(graph)) await requireSameRows(result, shapes, first, run);
  return { graph: result, randomInputs };
}

/** Where an example's draws are within the tensor the operator wants. */
interface Place {
  /** Shape of one example's draws. */
  readonly shape: readonly number[];
  /** Emits the tensor the operator wants from the input, of shape `batch x shape`. */
  readonly bring: (context: Pick<DrawContext, 'builder' | 'emit'>, draws: string) => string;
}

interface Placing {
  readonly graph: Graph;
  readonly shapes: Shapes;
  /** Values that depend on the examples. */
  readonly fromData: ReadonlySet<string>;
}

function placeOf(node: Node, wanted: readonly InferredDim[], placing: Placing): Place {
  const axes = wanted.flatMap((dim, axis) => (typeof dim === 'number' ? [] : [axis]));
  if (axes.length > 1) throw unusable(node, 'several of their dimensions follow the batch');
  const [axis] = axes;
  if (axis !== undefined) return besideBatch(node, wanted, axis);
  const sizes = wanted as readonly number[];
  const ofData = !hasOpenBatch(placing.graph) && node.inputs.some((name) => placing.fromData.has(name));
  return ofData ? inSingleBatch(sizes) : broadcastOver(node, sizes, placing);
}

const asItIs: Place['bring'] = (_context, draws) => draws;

/** One dimension follows an open batch. */
function besideBatch(node: Node, wanted: readonly InferredDim[], axis: number): Place {
  const { batch } = wanted[axis] as { readonly batch: number };
  const others = wanted.filter((_, i) => i !== axis) as number[];
  if (axis === 0 && batch === 1) return { shape: others, bring: asItIs };
  if (axis === 0) {
    const bring: Place['bring'] = ({ builder, emit }, draws) =>
      emit('Reshape', [draws, builder.ints([-1, ...others])]);
    return { shape: [batch, ...others], bring };
  }
  if (batch !== 1) throw unusable(node, 'they mix the batch with another dimension');
  const perm = others.map((_, i) => i + 1);
  perm.splice(axis, 0, 0);
  return {
    shape: others,
    bring: ({ emit }, draws) => emit('Transpose', [draws], undefined, { perm: ints(perm) }),
  };
}

/** Like a value of a graph for a batch of 1, which stands first or has been merged with what follows it. */
function inSingleBatch(sizes: readonly number[]): Place {
  if (sizes[0] === 1) return { shape: sizes.slice(1), bring: asItIs };
  return { shape: sizes, bring: ({ builder, emit }, draws) => emit('Reshape', [draws, builder.ints(sizes)]) };
}

/** Drawn once for all examples: every example gets its own where the draws meet the examples. */
function broadcastOver(node: Node, sizes: readonly number[], placing: Placing): Place {
  const rank = rankWhereMet(node, placing);
  if (rank === undefined) throw unusable(node, 'they never meet an example');
  if (rank > sizes.length) {
    const between = Array.from({ length: rank - sizes.length - 1 }, () => 1);
    return { shape: [...between, ...sizes], bring: asItIs };
  }
  if (rank === sizes.length && sizes[0] === 1) return { shape: sizes.slice(1), bring: asItIs };
  throw unusable(node, `their shape [${sizes.join(', ')}] leaves no axis for the batch`);
}

/** Rank of the first value in which the node's result is combined with the examples. */
function rankWhereMet(random: Node, { graph, shapes, fromData }: Placing): number | undefined {
  const carrying = new Set(random.outputs.filter((name) => name !== ''));
  for (const node of graph.nodes) {
    if (!dependenciesOf(node).some((name) => carrying.has(name))) continue;
    const met = node.outputs.find((name) => fromData.has(name));
    if (met !== undefined) return shapes.get(met)!.dims.length;
    for (const name of node.outputs) carrying.add(name);
  }
  return undefined;
}

function reachedFrom(graph: Graph, input: string): Set<string> {
  const reached = new Set([input]);
  for (const node of graph.nodes)
    if (dependenciesOf(node).some((name) => reached.has(name)))
      for (const name of node.outputs) reached.add(name);
  return reached;
}

/** @throws GauntletError MODEL_INVALID for a body of a control-flow operator that draws. */
function requireNoneInside(node: Node, isRandom: (node: Node) => boolean): void {
  for (const attribute of Object.values(node.attributes)) {
    if (attribute.type !== 'graph') continue;
    for (const inner of attribute.value.nodes) {
      if (isRandom(inner)) throw unusable(inner, `it is inside of ${node.op} "${node.name}"`);
      requireNoneInside(inner, isRandom);
    }
  }
}

const ROWS = 3;
/** Relative to the largest value: another batch may take other kernels. */
const TOLERANCE = 1e-4;

/** Tries out that an example with its draws comes to the same beside others as it does alone. */
async function requireSameRows(graph: Graph, before: Shapes, node: Node, run: GraphRunner): Promise<void> {
  const outputs = graph.outputs.filter(({ name }) => typeof before.get(name)!.dims[0] === 'object');
  const tried = { ...graph, outputs };
  const feeds = probeFeeds(tried, ROWS);
  try {
    const together = await run(tried, feeds);
    for (let row = 0; row < ROWS; row++) {
      const alone = await run(tried, rowsOf(feeds, row));
      for (const { name } of outputs) {
        const reason = difference(together[name]!, alone[name]!, row);
        if (reason !== null) throw new Error(`output "${name}" of an example ${reason}`);
      }
    }
  } catch (error) {
    throw unusable(node, messageOf(error));
  }
}

function rowsOf(feeds: Readonly<Record<string, Tensor>>, row: number): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { type, dims, data }]) => {
      const shape: readonly number[] = dims.slice(1);
      const size = elementCount(shape);
      return [name, { type, dims: [1, ...shape], data: data.subarray(row * size, (row + 1) * size) }];
    }),
  );
}

function difference(together: Tensor, alone: Tensor, row: number): string | null {
  const size = alone.data.length;
  if (together.dims.join() !== [ROWS, ...alone.dims.slice(1)].join() || alone.dims[0] !== 1)
    return `has shape [${together.dims.join(', ')}] beside two others, [${alone.dims.join(', ')}] alone`;
  const expected = Array.from(alone.data as ArrayLike<number | bigint>, Number);
  const bound = TOLERANCE * expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  const same = expected.every(
    (value, i) => Math.abs(value - Number(together.data[row * size + i]!)) <= bound,
  );
  return same ? null : 'changes beside other examples';
}
