import type { Graph, GraphRunner, Node } from '../graph/ir.js';
import { probe } from '../graph/probe.js';

/**
 * Elementwise operators whose value of an element depends in its last bits on where the element lies: ONNX Runtime computes
 * whole packets of elements by one formula and what is left at the end of a buffer, or of a thread's share of it, by another.
 */
const POSITION_DEPENDENT: ReadonlySet<string> = new Set([
  ...['Log', 'Sin', 'Cos', 'Asin', 'Acos', 'Atan'],
  ...['Elu', 'Selu', 'Celu', 'Softplus', 'Mish'],
  // Decomposed by the engine into operators of this list.
  ...['NegativeLogLikelihoodLoss', 'SoftmaxCrossEntropyLoss'],
]);

/** Elements in a packet: ONNX Runtime computes in vectors of 4 floats; 8 leaves room for builds with wider ones. */
const PACKET = 8;

export interface PositionDependence {
  /** Operators found, once each. */
  readonly operators: readonly string[];
  /**
   * What fills whole packets in each of them, so that in one thread every element is computed by the same formula: a single
   * example, or `PACKET` examples together. Bodies of control flow are not looked into: there, nothing is known to.
   */
  readonly packetsFilledBy: 'one example' | 'several examples' | 'unknown';
}

/** The position-dependent operators of a graph whose inputs have one row per example. */
export async function findPositionDependence(graph: Graph, run: GraphRunner): Promise<PositionDependence> {
  const found = graph.nodes.filter(isDependent);
  const operators = [...new Set(found.map(({ op }) => op))];
  if (operators.length === 0) return { operators, packetsFilledBy: 'one example' };
  if (found.some((node) => node.domain !== '' || !POSITION_DEPENDENT.has(node.op)))
    return { operators, packetsFilledBy: 'unknown' };
  const names = found.map((node) => node.outputs[0]!);
  const values = await probe(graph, run, 1, names);
  const whole = names.every((name) => values[name]!.data.length % PACKET === 0);
  return { operators, packetsFilledBy: whole ? 'one example' : 'several examples' };
}

/** Control flow counts when its body does. */
function isDependent(node: Node): boolean {
  return (
    (node.domain === '' && POSITION_DEPENDENT.has(node.op)) ||
    Object.values(node.attributes).some(
      (attribute) => attribute.type === 'graph' && attribute.value.nodes.some(isDependent),
    )
  );
}
