import { ints } from '../../builder.js';
import { intOf, without, type OpsetRule } from '../opset-rule.js';

/** The axes became an input in 18. */
const axesToAttribute: OpsetRule = (node, { graph }) => {
  const name = node.inputs[1] ?? '';
  const axes = graph.initializers.get(name)?.data;
  const attributes = without(node.attributes, 'noop_with_empty_axes');
  if (intOf(node, 'noop_with_empty_axes', 0) !== 0 && (axes?.length ?? 0) === 0) return undefined;
  if (name === '') return [{ ...node, attributes }];
  if (axes === undefined) return undefined;
  if (axes.length === 0) return [{ ...node, inputs: [node.inputs[0]!], attributes }];
  const values = Array.from(axes as ArrayLike<number | bigint>, Number);
  return [{ ...node, inputs: [node.inputs[0]!], attributes: { ...attributes, axes: ints(values) } }];
};

const REDUCTIONS = ['Mean', 'Max', 'Min', 'Prod', 'L1', 'L2', 'LogSum', 'LogSumExp', 'SumSquare'];

/** How to write a reduction of a later operator set in 17. */
export const reductionLowerings: Readonly<Record<string, OpsetRule>> = Object.fromEntries(
  REDUCTIONS.map((name) => [`Reduce${name}`, axesToAttribute]),
);
