import { intTensor, type Tensor } from '../../tensor/tensor.js';
import { GraphBuilder } from '../builder.js';
import type { Graph, GraphRunner, Node, Shapes } from '../ir.js';
import { hasOpenBatch, probe } from '../probe.js';
import { inferShapes } from '../shapes.js';
import { dependenciesOf } from '../topology.js';
import { inlineBranches } from './inline-branches.js';
import { prune } from './prune.js';
import { shapingInputs } from './shaping-inputs.js';

/**
 * Makes an initializer of every value that does not depend on the graph's inputs, and of every value that depends on
 * nothing but their shapes and is the same for every batch size. A Reshape whose result has one dimension that follows
 * the batch gets a constant target with -1 there, and a branch that is always taken stands in for its If. What is no longer needed is dropped.
 *
 * @throws GauntletError SHAPE_INFERENCE when the graph does not run.
 */
export async function foldConstants(graph: Graph, run: GraphRunner): Promise<Graph> {
  const folded = await foldInputFree(graph, run);
  const shaped = folded.nodes.some(readsShape) ? await foldShapeArithmetic(folded, run) : folded;
  const inlined = inlineBranches(shaped);
  if (inlined !== shaped) return foldConstants(inlined, run);
  return shaped === folded ? folded : foldReshapes(shaped, run);
}

/** Operators whose result is drawn anew each time. */
const RANDOM = new Set([
  'RandomNormal',
  'RandomNormalLike',
  'RandomUniform',
  'RandomUniformLike',
  'Bernoulli',
  'Multinomial',
]);

/** Operators that read a tensor's shape and not its values. */
const SHAPE_READERS = new Set(['Shape', 'Size']);

const readsShape = ({ op, domain }: Node): boolean => domain === '' && SHAPE_READERS.has(op);

/** Whether a node's result is known although it reads what is not. Called on every node in order, with what is known by then. */
type Exemption = (node: Node, known: ReadonlySet<string>) => boolean;

const noExemption: Exemption = () => false;

/** Exempts what reads a shape, unless that shape itself depends on values that are not known (as that of NonZero does). */
function shapeExemption(): Exemption {
  const loose = new Set<string>();
  return (node, known) => {
    const isLoose = (name: string): boolean => loose.has(name);
    if (dependenciesOf(node).some(isLoose) || shapingInputs(node).some((name) => !known.has(name)))
      for (const output of node.outputs) loose.add(output);
    return readsShape(node) && !node.inputs.some(isLoose);
  };
}

/** Outputs of the nodes that read only `known` values, or that are exempt. */
function knownFrom(graph: Graph, known: Iterable<string>, exempt: Exemption): Set<string> {
  const all = new Set(known);
  const found = new Set<string>();
  for (const node of graph.nodes) {
    const exempted = exempt(node, all);
    if (RANDOM.has(node.op) || !(exempted || dependenciesOf(node).every((name) => all.has(name)))) continue;
    for (const output of node.outputs.filter((name) => name !== '')) {
      all.add(output);
      found.add(output);
    }
  }
  return found;
}

/** Makes an initializer of every value that does not depend on the graph's inputs, not even on their shapes. */
export async function foldInputFree(graph: Graph, run: GraphRunner): Promise<Graph> {
  const constants = knownFrom(graph, graph.initializers.keys(), noExemption);
  if (constants.size === 0) return prune(graph);
  const computed = graph.nodes.filter((node) => node.outputs.some((name) => constants.has(name)));
  const values = await probe({ ...graph, nodes: computed, inputs: [], outputs: [] }, run, 1, constants);
  return withConstants(graph, values);
}

/** Batch sizes that a value must agree for to count as independent of the batch. */
const BATCHES = [1, 2, 5] as const;

async function foldShapeArithmetic(graph: Graph, run: GraphRunner): Promise<Graph> {
  const values = knownFrom(graph, graph.initializers.keys(), shapeExemption());
  const results: Readonly<Record<string, Tensor>>[] = [];
  for (const batch of hasOpenBatch(graph) ? BATCHES : [1])
    results.push(await probe(graph, run, batch, values));
  const [first, ...others] = results;
  const fixed = Object.entries(first!).filter(([name, tensor]) =>
    others.every((result) => sameTensor(tensor, result[name]!)),
  );
  return withConstants(graph, Object.fromEntries(fixed));
}

function sameTensor(a: Tensor, b: Tensor): boolean {
  return (
    a.dims.length === b.dims.length &&
    a.dims.every((dim, axis) => dim === b.dims[axis]) &&
    a.data.every((value, i) => Object.is(value, b.data[i]))
  );
}

async function foldReshapes(graph: Graph, run: GraphRunner): Promise<Graph> {
  const open = (node: Node): boolean =>
    node.op === 'Reshape' && node.domain === '' && !graph.initializers.has(node.inputs[1]!);
  if (!graph.nodes.some(open)) return graph;
  const shapes = await inferShapes(graph, run);
  const builder = new GraphBuilder(graph);
  const nodes = graph.nodes.map((node) => {
    const target = open(node) ? targetOf(node, shapes) : undefined;
    if (target === undefined) return node;
    const shape = builder.initializer('target', intTensor(target));
    return { ...node, inputs: [node.inputs[0]!, shape], attributes: {} };
  });
  return prune({ ...builder.build(), nodes });
}

/** The result's shape with -1 for the one dimension that follows the batch; undefined when there are several. */
function targetOf(node: Node, shapes: Shapes): number[] | undefined {
  const { dims } = shapes.get(node.outputs[0]!)!;
  const target = dims.map((dim) => (typeof dim === 'number' ? dim : -1));
  return target.filter((dim) => dim === -1).length <= 1 && !target.includes(0) ? target : undefined;
}

/** The graph with constants in place of the nodes all of whose outputs are known. */
function withConstants(graph: Graph, values: Readonly<Record<string, Tensor>>): Graph {
  const known = (node: Node): boolean => node.outputs.every((name) => name === '' || name in values);
  const constants = graph.nodes
    .filter(known)
    .flatMap((node) => node.outputs)
    .filter((name) => name !== '')
    .map((name) => [name, values[name]!] as const);
  return prune({
    ...graph,
    nodes: graph.nodes.filter((node) => !known(node)),
    initializers: new Map([...graph.initializers, ...constants]),
  });
}
