import { GauntletError } from '../errors.js';
import type { Graph, Node } from './ir.js';

/** Names of the values a node reads, those its control-flow bodies capture from outside included. */
export function dependenciesOf(node: Node): string[] {
  const names = node.inputs.filter((name) => name !== '');
  for (const attribute of Object.values(node.attributes))
    if (attribute.type === 'graph') names.push(...capturedBy(attribute.value));
  return names;
}

/** Names a body reads but does not define. */
function capturedBy(graph: Graph): string[] {
  const defined = new Set([...graph.initializers.keys(), ...graph.inputs.map((input) => input.name)]);
  for (const node of graph.nodes) for (const output of node.outputs) defined.add(output);
  const read = [...graph.nodes.flatMap(dependenciesOf), ...graph.outputs.map((output) => output.name)];
  return read.filter((name) => !defined.has(name));
}

/** The node that produces each value. */
export function producersOf(graph: Graph): Map<string, Node> {
  const producers = new Map<string, Node>();
  for (const node of graph.nodes)
    for (const output of node.outputs) if (output !== '') producers.set(output, node);
  return producers;
}

/** The nodes that read each value, in order; a node that reads it twice is listed once. */
export function consumersOf(graph: Graph): Map<string, Node[]> {
  const consumers = new Map<string, Node[]>();
  for (const node of graph.nodes)
    for (const name of new Set(dependenciesOf(node))) {
      const list = consumers.get(name);
      if (list === undefined) consumers.set(name, [node]);
      else list.push(node);
    }
  return consumers;
}

/**
 * Puts nodes in topological order, leaving an order that is already topological as it is. `known` holds the names
 * available before the first node runs.
 * @throws GauntletError MODEL_INVALID when a value is produced twice, read but never produced, or part of a cycle.
 */
export function sortTopologically(nodes: readonly Node[], known: ReadonlySet<string>): Node[] {
  const producer = new Map<string, Node>();
  for (const node of nodes)
    for (const output of node.outputs.filter((name) => name !== '')) {
      if (known.has(output) || producer.has(output))
        throw new GauntletError('MODEL_INVALID', `value "${output}" is produced more than once`);
      producer.set(output, node);
    }

  const sorted: Node[] = [];
  const state = new Map<Node, 'open' | 'done'>();
  // An explicit stack: a model of some ten thousand nodes in a chain would overflow a recursive visit.
  for (const start of nodes) {
    const stack = [start];
    while (stack.length > 0) {
      const node = stack[stack.length - 1]!;
      if (state.get(node) === 'done') {
        stack.pop();
        continue;
      }
      const pending = pendingProducers(node, known, producer, state);
      if (pending.length === 0) {
        state.set(node, 'done');
        sorted.push(node);
        stack.pop();
        continue;
      }
      if (state.get(node) === 'open')
        throw new GauntletError(
          'MODEL_INVALID',
          `node "${node.name}" (${node.op}) depends on its own output`,
        );
      state.set(node, 'open');
      stack.push(...pending);
    }
  }
  return sorted;
}

function pendingProducers(
  node: Node,
  known: ReadonlySet<string>,
  producer: ReadonlyMap<string, Node>,
  state: ReadonlyMap<Node, 'open' | 'done'>,
): Node[] {
  const pending: Node[] = [];
  for (const name of dependenciesOf(node)) {
    if (known.has(name)) continue;
    const source = producer.get(name);
    if (source === undefined)
      throw new GauntletError(
        'MODEL_INVALID',
        `node "${node.name}" (${node.op}) reads "${name}", which nothing produces`,
      );
    if (state.get(source) !== 'done') pending.push(source);
  }
  return pending;
}
