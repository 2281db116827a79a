import { intTensor } from '../../tensor/tensor.js';
import { int, ints, type GraphBuilder } from '../builder.js';
import type { Graph, Node, Shapes } from '../ir.js';

interface Context {
  /** The graph for a batch of 1, whose remaining initializers that hold shapes belong to data. */
  readonly graph: Graph;
  /** Shapes at a batch of 1. */
  readonly shapes: Shapes;
  /** Takes new initializers. */
  readonly builder: GraphBuilder;
}

/** The node as it must be when its data may have any number of rows; the same node where nothing holds the 1. */
export function openBatchOf(node: Node, context: Context): Node {
  const rule = node.domain === '' ? RULES[node.op] : undefined;
  return rule?.(node, context) ?? node;
}

type Rule = (node: Node, context: Context) => Node | undefined;

/** For one row, "all axes from 0" and "all axes from 1" are the same block. */
const blockFromAxisOne: Rule = (node, { graph, shapes }) => {
  const axis = node.attributes['axis'];
  const blockwise = node.op === 'Flatten' || (graph.opsets[''] ?? 0) < 13;
  if (!blockwise || axis?.type !== 'int' || axis.value !== 0) return undefined;
  if (dimsOf(shapes, node.inputs[0]!)[0] !== 1) return undefined;
  return { ...node, attributes: { ...node.attributes, axis: int(1) } };
};

const RULES: Readonly<Record<string, Rule>> = {
  Flatten: blockFromAxisOne,
  Softmax: blockFromAxisOne,
  LogSoftmax: blockFromAxisOne,
  Hardmax: blockFromAxisOne,

  // Every dimension of the result but the batch is written out, which leaves the batch to be found.
  Reshape: (node, { graph, shapes, builder }) => {
    const dims = dimsOf(shapes, node.outputs[0]!);
    if (!graph.initializers.has(node.inputs[1]!) || dims.length === 0 || dims.includes(0)) return undefined;
    const axis = Math.max(0, dims.indexOf(1));
    const target = dims.map((dim, i) => (i === axis ? -1 : dim));
    const inputs = [node.inputs[0]!, builder.initializer('target', intTensor(target))];
    return { ...node, inputs, attributes: {} };
  },

  // Without axes, every dimension of 1 goes, the batch among them.
  Squeeze: (node, { graph, shapes, builder }) => {
    if ('axes' in node.attributes || (node.inputs[1] ?? '') !== '') return undefined;
    const axes = dimsOf(shapes, node.inputs[0]!).flatMap((dim, axis) =>
      dim === 1 && axis > 0 ? [axis] : [],
    );
    if ((graph.opsets[''] ?? 0) < 13) return { ...node, attributes: { axes: ints(axes) } };
    return { ...node, inputs: [node.inputs[0]!, builder.ints(axes)] };
  },
};

/** Shape at a batch of 1, where every dimension is a number. */
function dimsOf(shapes: Shapes, value: string): number[] {
  return shapes.get(value)!.dims.map((dim) => (typeof dim === 'number' ? dim : dim.batch));
}
