import type { Tensor } from '../tensor/tensor.js';
import type { Graph } from './ir.js';

/** The tensors behind values that are constant: initializers and the outputs of Constant nodes. */
export function constantsOf(graph: Graph): Map<string, Tensor> {
  const constants = new Map(graph.initializers);
  for (const node of graph.nodes) {
    const { value } = node.attributes;
    if (node.op === 'Constant' && value?.type === 'tensor') constants.set(node.outputs[0]!, value.value);
  }
  return constants;
}
