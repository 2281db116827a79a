import { GauntletError } from '../../errors.js';
import type { Graph, Node, ValueInfo } from '../ir.js';
import { dependenciesOf, producersOf } from '../topology.js';

/**
 * Keeps what the given outputs need: nodes, initializers and inputs nothing reads any more are dropped.
 * @param outputs names of graph outputs to keep, in this order; all of them by default.
 * @throws GauntletError INTERNAL for a name that is not an output of the graph.
 */
export function prune(graph: Graph, outputs?: readonly string[]): Graph {
  const kept = outputs === undefined ? graph.outputs : outputs.map((name) => outputNamed(graph, name));
  const producers = producersOf(graph);
  const needed = new Set<string>();
  const live = new Set<Node>();
  const pending = kept.map((output) => output.name);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    const node = producers.get(name);
    if (node === undefined || live.has(node)) continue;
    live.add(node);
    pending.push(...dependenciesOf(node));
  }
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => live.has(node)),
    initializers: new Map([...graph.initializers].filter(([name]) => needed.has(name))),
    inputs: graph.inputs.filter((input) => needed.has(input.name)),
    outputs: kept,
  };
}

function outputNamed(graph: Graph, name: string): ValueInfo {
  const output = graph.outputs.find((item) => item.name === name);
  if (output !== undefined) return output;
  const known = graph.outputs.map((item) => item.name).join(', ');
  throw new GauntletError('INTERNAL', `"${name}" is not an output of graph "${graph.name}" (${known})`);
}
