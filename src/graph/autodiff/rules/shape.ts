import { ints } from '../../builder.js';
import { blocked } from '../blocked.js';
import { intsAttribute } from '../attributes.js';
import type { GradientRule } from '../rule.js';
import { axisRange, reshapeLike } from '../shaping.js';

/** An operator that only renames the axes of its first input; the others are integers. */
const reshaping: GradientRule = (context) => [
  reshapeLike(context, context.outputGradients[0]!, context.node.inputs[0]!),
];

const identity: GradientRule = ({ outputGradients }) => [outputGradients[0]!];

const transpose: GradientRule = ({ builder, node, outputGradients, dims }) => {
  const rank = dims(node.inputs[0]!).length;
  const perm = intsAttribute(node, 'perm') ?? axisRange(0, rank).reverse();
  const inverse = axisRange(0, rank).map((axis) => perm.indexOf(axis));
  return [builder.add('Transpose', [outputGradients[0]!], { perm: ints(inverse) })];
};

/** The identity, which Dropout is at inference; its training mode draws random numbers and blocks. */
const dropout: GradientRule = ({ node, outputGradients, constant }) => {
  const mode = node.inputs[2] ?? '';
  if (mode !== '' && constant(mode)?.data[0] !== 0) throw blocked(node, 'it is, or may be, in training mode');
  return [outputGradients[0]!];
};

/** From one float type to another: the gradient is cast back. */
const cast: GradientRule = ({ builder, node, shapes, outputGradients }) => {
  const codes: Readonly<Record<string, number>> = { float32: 1, float16: 10, float64: 11 };
  const to = codes[shapes.get(node.inputs[0]!)?.type ?? 'float32'];
  if (to === undefined) return [null];
  return [builder.add('Cast', [outputGradients[0]!], { to: { type: 'int', value: to } })];
};

/** Operators that move or rename elements without changing their number or value. */
export const shapeRules: Readonly<Record<string, GradientRule>> = {
  Identity: identity,
  Dropout: dropout,
  Cast: cast,
  Flatten: reshaping,
  Reshape: reshaping,
  Squeeze: reshaping,
  Unsqueeze: reshaping,
  Transpose: transpose,
};
