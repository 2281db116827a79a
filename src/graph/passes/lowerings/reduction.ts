import { ints } from '../../builder.js';
import { intOf, without, type OpsetRule } from '../opset-rule.js';

/** The axes became an input in 18. Without any, `noop_with_empty_axes` makes a reduction one of every element by itself. */
const reduction =
  (alone: OpsetRule): OpsetRule =>
  (node, context) => {
    const name = node.inputs[1] ?? '';
    const axes = name === '' ? [] : context.graph.initializers.get(name)?.data;
    if (axes === undefined) return undefined;
    const attributes = without(node.attributes, 'noop_with_empty_axes');
    const reduced = { ...node, inputs: [node.inputs[0]!], attributes };
    if (axes.length > 0) {
      const values = Array.from(axes as ArrayLike<number | bigint>, Number);
      return [{ ...reduced, attributes: { ...attributes, axes: ints(values) } }];
    }
    return intOf(node, 'noop_with_empty_axes', 0) === 0 ? [reduced] : alone(reduced, context);
  };

const as =
  (op: string): OpsetRule =>
  (node) => [{ ...node, op, attributes: {} }];

const square: OpsetRule = (node) => [
  { ...node, op: 'Mul', inputs: [node.inputs[0]!, node.inputs[0]!], attributes: {} },
];

/** What each reduction does with a single element. */
const ALONE: Readonly<Record<string, OpsetRule>> = {
  ReduceMean: as('Identity'),
  ReduceMax: as('Identity'),
  ReduceMin: as('Identity'),
  ReduceProd: as('Identity'),
  ReduceL1: as('Abs'),
  ReduceL2: as('Abs'),
  ReduceLogSum: as('Log'),
  ReduceLogSumExp: as('Identity'),
  ReduceSumSquare: square,
};

/** How to write a reduction of a later operator set in 17. */
export const reductionLowerings: Readonly<Record<string, OpsetRule>> = Object.fromEntries(
  Object.entries(ALONE).map(([op, alone]) => [op, reduction(alone)]),
);
