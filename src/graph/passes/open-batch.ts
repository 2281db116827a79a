import type { Tensor } from '../../tensor/tensor.js';
import { GraphBuilder } from '../builder.js';
import type { Graph, GraphRunner, Node, ValueInfo } from '../ir.js';
import { probeFeeds } from '../probe.js';
import { inferShapes } from '../shapes.js';
import { consumersOf, dependenciesOf } from '../topology.js';
import { findBatchAxis, prefix, type BatchAxis } from './batch-axis.js';
import { prune } from './prune.js';
import type { RebatchContext } from './rebatch-rule.js';
import { REBATCH_RULES } from './rebatch-rules.js';

/** Operators that keep the order of elements. */
const RESHAPING = new Set(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Identity']);

/**
 * Rewrites what holds the 1 in the nodes of a graph for a batch of 1. The nodes are run on two examples as they are
 * rewritten, in order: which axis of a value tells examples apart is then seen in its shape instead of being worked out for
 * every operator.
 *
 * @param single a graph for a batch of 1 without nodes that depend on constants only
 * @returns nodes and initializers for any batch; inputs and outputs are those of the given graph
 * @throws whatever the engine throws where the rewritten nodes do not run on two examples
 */
export async function openBatch(single: Graph, run: GraphRunner): Promise<Graph> {
  const shapes = await inferShapes(single, run);
  const builder = new GraphBuilder(single);
  const tracer = new Tracer(single, run);
  const context: RebatchContext = {
    graph: single,
    builder,
    dims: (value) => dimsOf(value),
    batchAxis: (value) => tracer.batchAxis(value),
  };
  const dimsOf = (value: string): readonly number[] =>
    shapes.get(value)!.dims.map((dim) => (typeof dim === 'number' ? dim : dim.batch));
  const nodes: Node[] = [];
  for (const node of single.nodes) {
    const rule = node.domain === '' ? REBATCH_RULES[node.op] : undefined;
    if (rule !== undefined && tracer.owes(node)) await tracer.advance(builder, dimsOf);
    const rewritten = rule?.(node, context) ?? [node];
    nodes.push(...rewritten);
    tracer.pending.push({ node, nodes: rewritten });
  }
  return { ...builder.build(), nodes };
}

/** Runs a graph on two examples piece by piece. */
class Tracer {
  /** Nodes not run yet, with what they became. */
  readonly pending: { readonly node: Node; readonly nodes: readonly Node[] }[] = [];
  /** Values for two examples. */
  private readonly values: Map<string, Tensor>;
  private readonly axes = new Map<string, BatchAxis | undefined>();
  /** Nodes of the given graph that have not been run and read the value. */
  private readonly readers: Map<string, Set<Node>>;

  constructor(
    single: Graph,
    private readonly run: GraphRunner,
  ) {
    const open = {
      ...single,
      inputs: single.inputs.map((input) => ({ ...input, dims: ['n', ...input.dims.slice(1)] })),
    };
    this.values = new Map(Object.entries(probeFeeds(open, 2)));
    for (const { name, dims } of single.inputs)
      this.axes.set(name, findBatchAxis(dims as number[], this.values.get(name)!.dims, 1));
    this.readers = new Map([...consumersOf(single)].map(([name, nodes]) => [name, new Set(nodes)]));
  }

  batchAxis(value: string): BatchAxis | undefined {
    return this.axes.get(value);
  }

  /** Whether the node reads what has not been run yet. */
  owes(node: Node): boolean {
    const reads = new Set(dependenciesOf(node));
    return this.pending.some((item) => item.node.outputs.some((name) => reads.has(name)));
  }

  /** Runs the pending nodes and forgets values that nothing reads any more. */
  async advance(builder: GraphBuilder, dims: (value: string) => readonly number[]): Promise<void> {
    const pending = this.pending.splice(0);
    for (const { node } of pending)
      for (const name of dependenciesOf(node)) this.readers.get(name)?.delete(node);
    const nodes = pending.flatMap((item) => item.nodes);
    const produced = pending.flatMap(({ node }) => node.outputs).filter((name) => name !== '');
    if (produced.length > 0) {
      const feeds = this.feedsFor(nodes);
      const inputs = Object.entries(feeds).map(([name, { type, dims }]): ValueInfo => ({ name, type, dims }));
      const outputs = produced.map((name): ValueInfo => ({
        name,
        type: 'float32',
        dims: [],
        undeclared: 'type and shape',
      }));
      const results = await this.run(prune({ ...builder.build(), nodes, inputs, outputs }), feeds);
      for (const name of produced) this.values.set(name, results[name]!);
    }
    for (const { node } of pending) this.place(node, dims);
    for (const name of [...this.values.keys()]) if (!this.isRead(name)) this.values.delete(name);
  }

  private isRead(name: string): boolean {
    return (this.readers.get(name)?.size ?? 0) > 0;
  }

  private feedsFor(nodes: readonly Node[]): Record<string, Tensor> {
    const feeds: Record<string, Tensor> = {};
    for (const name of nodes.flatMap(dependenciesOf)) {
      const value = this.values.get(name);
      if (value !== undefined) feeds[name] = value;
    }
    return feeds;
  }

  /** Notes where examples are told apart in the outputs of a node that has been run. */
  private place(node: Node, dims: (value: string) => readonly number[]): void {
    const from = node.inputs.map((name) => this.axes.get(name)).find((axis) => axis !== undefined);
    for (const name of node.outputs) {
      const value = this.values.get(name);
      if (value === undefined) continue;
      const single = dims(name);
      const plain = findBatchAxis(single, value.dims, 1);
      if (plain === undefined) continue;
      const outside =
        from === undefined ? 1 : RESHAPING.has(node.op) ? prefix(from) / plain.before : from.outside;
      this.axes.set(name, findBatchAxis(single, value.dims, Number.isInteger(outside) ? outside : 1));
    }
  }
}
