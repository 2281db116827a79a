import { GauntletError } from '../../errors.js';
import { GraphBuilder } from '../builder.js';
import type { Attribute, Graph, Node } from '../ir.js';
import { ranksOf } from '../ranks.js';
import { LATER_OPERATORS, LOWERINGS } from './opset-lowerings.js';
import type { OpsetContext, OpsetRule } from './opset-rule.js';
import { UPGRADES } from './opset-upgrades.js';
import { prune } from './prune.js';

/** The operator set that gradient rules and losses are written in. */
export const OPSET = 17;

/**
 * Rewrites a graph of another operator set into operator set 17: attributes that became inputs, defaults that changed,
 * operators that were renamed. A newer graph is brought down to 17; if it uses what 17 does not have, it is returned as it
 * is. Operators without a rule are left unchanged.
 *
 * @throws GauntletError MODEL_INVALID for an old form whose meaning depends on something the file does not tell.
 */
export function upgradeOpset(graph: Graph): Graph {
  const version = graph.opsets[''] ?? OPSET;
  if (version === OPSET) return graph;
  const context = contextOf(graph);
  const rewritten = version < OPSET ? raise(graph, context) : lower(graph, context);
  if (rewritten === undefined) return graph;
  return prune({ ...rewritten, initializers: context.builder.build().initializers });
}

function contextOf(graph: Graph): OpsetContext {
  // Names inside control-flow bodies count as taken: a body must not define what its surroundings define.
  const builder = new GraphBuilder({ ...graph, nodes: allNodes(graph) });
  return { builder, version: graph.opsets[''] ?? OPSET, graph, ranks: ranksOf(graph) };
}

const allNodes = (graph: Graph): Node[] =>
  graph.nodes.flatMap((node) => [node, ...bodiesOf(node).flatMap(allNodes)]);

const bodiesOf = (node: Node): Graph[] =>
  Object.values(node.attributes).flatMap((attribute) =>
    attribute.type === 'graph' ? [attribute.value] : [],
  );

function raise(graph: Graph, context: OpsetContext): Graph {
  return rewrite(graph, (node) => {
    const entry = UPGRADES[node.op];
    if (node.domain !== '' || entry === undefined || context.version >= entry.since) return [node];
    const nodes = entry.rule(node, context);
    if (nodes !== undefined) return nodes;
    throw new GauntletError(
      'MODEL_INVALID',
      `node "${node.name}" (${node.op} of operator set ${context.version}) has a form that cannot be carried over to ${OPSET}`,
      { help: `Export the model with operator set ${OPSET}.` },
    );
  });
}

/**
 * The first node of a graph that uses what operator set 17 does not have, so that `upgradeOpset` left the graph as it was;
 * undefined for a graph that is, or can be written, in set 17.
 */
export function beyondOpset(graph: Graph): Node | undefined {
  if ((graph.opsets[''] ?? OPSET) <= OPSET) return undefined;
  try {
    lowerOrThrow(graph, contextOf(graph));
    return undefined;
  } catch (error) {
    if (error instanceof NotLowerable) return error.node;
    throw error;
  }
}

/** Thrown and caught in this file: the node uses something that operator set 17 does not have. */
class NotLowerable extends Error {
  constructor(readonly node: Node) {
    super();
  }
}

function lower(graph: Graph, context: OpsetContext): Graph | undefined {
  try {
    return lowerOrThrow(graph, context);
  } catch (error) {
    if (error instanceof NotLowerable) return undefined;
    throw error;
  }
}

function lowerOrThrow(graph: Graph, context: OpsetContext): Graph {
  return rewrite(graph, (node) => {
    if (node.domain !== '') return [node];
    const rule: OpsetRule | undefined = LATER_OPERATORS.has(node.op) ? () => undefined : LOWERINGS[node.op];
    const nodes = rule === undefined ? [node] : rule(node, context);
    if (nodes === undefined) throw new NotLowerable(node);
    return nodes;
  });
}

function rewrite(graph: Graph, replace: (node: Node) => readonly Node[]): Graph {
  const nodes = graph.nodes.flatMap((node) => replace(withBodies(node, (body) => rewrite(body, replace))));
  return { ...graph, nodes, opsets: { ...graph.opsets, '': OPSET } };
}

function withBodies(node: Node, change: (body: Graph) => Graph): Node {
  if (bodiesOf(node).length === 0) return node;
  const attributes = Object.entries(node.attributes).map(([name, attribute]): [string, Attribute] => [
    name,
    attribute.type === 'graph' ? { type: 'graph', value: change(attribute.value) } : attribute,
  ]);
  return { ...node, attributes: Object.fromEntries(attributes) };
}
