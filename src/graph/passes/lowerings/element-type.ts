import type { DataType } from '../../../tensor/tensor.js';
import type { Graph } from '../../ir.js';
import { dataTypeOf } from '../../onnx/data-type.js';
import { intOf } from '../opset-rule.js';

const TRUTH_VALUED: ReadonlySet<string> = new Set([
  ...['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'],
  ...['Not', 'And', 'Or', 'Xor', 'IsNaN', 'IsInf'],
]);

/** Operators whose result has the type of one of their inputs, and which. */
const SAME_TYPE: Readonly<Record<string, number>> = {
  ...{ Identity: 0, Reshape: 0, Unsqueeze: 0, Squeeze: 0, Expand: 0, Slice: 0, Transpose: 0, Tile: 0 },
  ...{ Concat: 0, Gather: 0, Trilu: 0, Add: 0, Sub: 0, Mul: 0, Div: 0, Where: 1 },
};

/** The element type of a value as far as the file tells it without inference; undefined where it does not. */
export function elementTypeOf(graph: Graph, name: string): DataType | undefined {
  const declared = graph.initializers.get(name) ?? graph.inputs.find((input) => input.name === name);
  if (declared !== undefined) return declared.type;
  const node = graph.nodes.find(({ outputs }) => outputs.includes(name));
  if (node === undefined) return undefined;
  if (TRUTH_VALUED.has(node.op)) return 'bool';
  if (node.op === 'Cast') return dataTypeOf(intOf(node, 'to', 0));
  if (node.op === 'Constant' || node.op === 'ConstantOfShape') {
    const { value } = node.attributes;
    return value?.type === 'tensor' ? value.value.type : 'float32';
  }
  const like = SAME_TYPE[node.op];
  return like === undefined ? undefined : elementTypeOf(graph, node.inputs[like]!);
}
