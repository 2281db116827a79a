import type { Graph, Node, Shapes } from '../graph/ir.js';
import { elementCount } from '../tensor/tensor.js';

/** Multiplications and additions of one example in an operator's products; `weights` is the size of its second input. */
type Count = (node: Node, weights: number, shapes: Shapes) => number;

const dense: Count = (_node, weights) => 2 * weights;

/** Every operator that holds products with weights; the others are small beside them. */
const COUNTS: Readonly<Record<string, Count>> = {
  Gemm: dense,
  MatMul: dense,
  Conv: (node, weights, shapes) => {
    const [, , ...spatial] = shapes.get(node.outputs[0]!)?.dims ?? [];
    return 2 * weights * spatial.reduce<number>((area, dim) => area * (typeof dim === 'number' ? dim : 1), 1);
  },
};

/** Floating-point operations of a forward pass of one example in convolutions and matrix products with weights. */
export function forwardFlops(graph: Graph, shapes: Shapes): number {
  return graph.nodes.reduce((total, node) => {
    const weights = graph.initializers.get(node.inputs[1] ?? '');
    const count = COUNTS[node.op];
    return weights === undefined || count === undefined
      ? total
      : total + count(node, elementCount(weights.dims), shapes);
  }, 0);
}
