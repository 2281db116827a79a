import type { Graph, Node } from '../ir.js';
import { renameReads } from '../rename.js';
import { consumersOf, producersOf } from '../topology.js';

/**
 * Removes Identity, and Dropout as it is outside training. Graph outputs keep their names; an identity that only gives
 * an input, a constant or another output a second name stays.
 */
export function dropIdentities(graph: Graph): Graph {
  const outputs = new Set(graph.outputs.map((output) => output.name));
  const producers = producersOf(graph);
  const consumers = consumersOf(graph);
  const read = (name: string | undefined): boolean =>
    name !== undefined && name !== '' && (consumers.has(name) || outputs.has(name));

  /** What stands for a dropped value. */
  const alias = new Map<string, string>();
  /** New names of values that take over the name of a graph output. */
  const promoted = new Map<string, string>();
  const dropped = new Set<Node>();
  for (const node of graph.nodes) {
    if (!isIdentity(node, graph) || read(node.outputs[1])) continue;
    const output = node.outputs[0]!;
    const source = alias.get(node.inputs[0]!) ?? node.inputs[0]!;
    if (outputs.has(output)) {
      if (!producers.has(source) || outputs.has(source) || promoted.has(source)) continue;
      promoted.set(source, output);
    }
    alias.set(output, source);
    dropped.add(node);
  }

  const renaming = new Map(promoted);
  for (const [name, source] of alias) renaming.set(name, promoted.get(source) ?? source);
  const nodes = graph.nodes
    .filter((node) => !dropped.has(node))
    .map((node) => renameReads(node, renaming))
    .map((node) => ({ ...node, outputs: node.outputs.map((name) => promoted.get(name) ?? name) }));
  return { ...graph, nodes };
}

function isIdentity({ op, domain, inputs }: Node, graph: Graph): boolean {
  if (domain !== '') return false;
  if (op === 'Identity') return true;
  if (op !== 'Dropout') return false;
  // From operator set 12 on, a third input turns training on; it must be a constant "no" to be ignored.
  const training = inputs[2] ?? '';
  return training === '' || graph.initializers.get(training)?.data[0] === 0;
}
