import { int } from '../../builder.js';
import { intAttribute } from '../attributes.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { normalizeAxis, zerosLike } from '../shaping.js';

/** Emits the lengths of the given values along `axis`, as one integer tensor. */
function lengths(context: RuleContext, values: readonly string[], axis: number): string {
  const { builder } = context;
  const known = values.map((value) => context.dims(value)[axis]!);
  if (known.every((dim) => typeof dim === 'number')) return builder.ints(known);
  const each = values.map((value) => builder.add('Shape', [value], { start: int(axis), end: int(axis + 1) }));
  return builder.add('Concat', each, { axis: int(0) });
}

/** The gradient is split where the inputs were joined. */
const concat: GradientRule = (context) => {
  const { builder, node } = context;
  const gradient = context.outputGradients[0]!;
  if (node.inputs.length === 1) return [gradient];
  const axis = normalizeAxis(intAttribute(node, 'axis', 0), context.dims(node.outputs[0]!).length);
  const sizes = lengths(context, node.inputs, axis);
  return builder.addMany('Split', [gradient, sizes], node.inputs.length, { axis: int(axis) });
};

/** The gradients of the parts are joined; a part that nothing depends on contributes zeros. */
const split: GradientRule = (context) => {
  const { builder, node } = context;
  const axis = intAttribute(node, 'axis', 0);
  const parts = node.outputs.map(
    (output, index) => context.outputGradients[index] ?? zerosLike(context, output),
  );
  return [builder.add('Concat', parts, { axis: int(axis) }), null];
};

/** Operators that join tensors along an axis or take them apart. */
export const joiningRules: Readonly<Record<string, GradientRule>> = { Concat: concat, Split: split };
