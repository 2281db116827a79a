import type { Graph, Node } from '../ir.js';
import { isStandard } from '../autodiff/blocked.js';
import { consumersOf } from '../topology.js';

/**
 * Turns MaxPool(Relu(x)) into Relu(MaxPool(x)), the same values exactly, where nothing else reads the Relu. The gradient
 * is the same too: it goes to the first maximum of a window if that is positive, and nowhere otherwise. But the Relu and
 * its gradient's mask are now as small as what the pool leaves.
 */
export function poolBeforeRelu(graph: Graph): Graph {
  const consumers = consumersOf(graph);
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const moved = graph.nodes.filter((node) => {
    const result = node.outputs[0]!;
    const readers = consumers.get(result) ?? [];
    return isOp(node, 'Relu') && !outputs.has(result) && readers.length > 0 && readers.every(isPlainMaxPool);
  });
  if (moved.length === 0) return graph;

  const reluOf = new Map(moved.map((relu) => [relu.outputs[0]!, relu]));
  const nodes = graph.nodes.flatMap((node) => {
    if (reluOf.has(node.outputs[0]!)) return [];
    const relu = isPlainMaxPool(node) ? reluOf.get(node.inputs[0]!) : undefined;
    if (relu === undefined) return [node];
    const output = node.outputs[0]!;
    const pooled = `${output}/before_relu`;
    return [
      { ...node, inputs: [relu.inputs[0]!], outputs: [pooled] },
      { ...relu, name: `${node.name}/relu`, inputs: [pooled], outputs: [output] },
    ];
  });
  return { ...graph, nodes };
}

const isOp = (node: Node, op: string): boolean => isStandard(node) && node.op === op;

/** A MaxPool of which only the maxima are read, not where they are. */
const isPlainMaxPool = (node: Node): boolean => isOp(node, 'MaxPool') && (node.outputs[1] ?? '') === '';
