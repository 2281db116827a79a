import { elementCount } from '../tensor/tensor.js';
import type { Graph, InferredDim, Node, Shapes } from './ir.js';

/** Shape of a node's input or output for one example: dimensions proportional to the batch count once per example. */
type ShapeOf = (name: string) => readonly number[];

/** Multiplications and additions of one example in an operator's products. */
type Count = (node: Node, shapeOf: ShapeOf) => number;

/** Every element of `of` is a sum of `terms` products. */
const products = (of: readonly number[], terms: number): number => 2 * elementCount(of) * terms;

/** [C out, C in / groups, kernel...]: every output element sums over the rest of its filter. */
const convolution: Count = (node, shapeOf) => {
  const [, ...filter] = shapeOf(node.inputs[1]!);
  return products(shapeOf(node.outputs[0]!), elementCount(filter));
};

/** [C in, C out / groups, kernel...]: every input element is spread over the rest of its filter. */
const transposedConvolution: Count = (node, shapeOf) => {
  const [, ...filter] = shapeOf(node.inputs[1]!);
  return products(shapeOf(node.inputs[0]!), elementCount(filter));
};

/** The summed axis is the last of the left factor, which may be a matrix of weights, activations or one vector. */
const matrixProduct: Count = (node, shapeOf) =>
  products(shapeOf(node.outputs[0]!), shapeOf(node.inputs[0]!).at(-1) ?? 1);

const gemm: Count = (node, shapeOf) => {
  const left = shapeOf(node.inputs[0]!);
  const transposed = node.attributes['transA']?.value === 1;
  return products(shapeOf(node.outputs[0]!), left[transposed ? 0 : 1] ?? 1);
};

/** The operators that consist of products; all others are small beside them. */
const COUNTS: Readonly<Record<string, Count>> = {
  Conv: convolution,
  ConvTranspose: transposedConvolution,
  Gemm: gemm,
  MatMul: matrixProduct,
};

/**
 * Floating-point operations of one pass of one example in convolutions and matrix products, with weights or between
 * activations (attention): a multiplication and an addition per term, biases and all other operators not counted. Constant
 * subgraphs count too, once per example; fold them before. Bodies of control-flow operators are not looked into.
 * @param shapes as `inferShapes` finds them
 */
export function countFlops(graph: Graph, shapes: Shapes): number {
  const perExample = (dim: InferredDim): number => (typeof dim === 'number' ? dim : dim.batch);
  const shapeOf: ShapeOf = (name) => (shapes.get(name)?.dims ?? []).map(perExample);
  return graph.nodes.reduce((total, node) => {
    const count = node.domain === '' ? COUNTS[node.op] : undefined;
    return count === undefined ? total : total + count(node, shapeOf);
  }, 0);
}
