import { floatTensor } from '../../../tensor/tensor.js';
import { multiplyAlong, type Along } from '../along-axis.js';
import { blocked, constantInput, fixedDim } from '../blocked.js';
import { stringAttribute } from '../attributes.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { axisRange, reshape, sameDim } from '../shaping.js';

/**
 * Resizing is linear and works on each axis by itself: it multiplies the lines along an axis by a matrix, whose
 * transpose takes the gradient back. The matrix is what Resize makes of the identity matrix, so it has the operator's
 * own weights, rounding of coordinates included; being constant, it is computed once, when the graph is compiled.
 */
const resize: GradientRule = (context) => {
  const { node, dims } = context;
  const coordinates = stringAttribute(node, 'coordinate_transformation_mode', 'half_pixel');
  if (coordinates === 'tf_crop_and_resize')
    throw blocked(node, `its coordinate_transformation_mode is "${coordinates}"`);
  const [from, to] = [dims(node.inputs[0]!), dims(node.outputs[0]!)];
  // ONNX Runtime copies, whatever the scales.
  if (from.every((dim, axis) => sameDim(dim, to[axis]))) return [context.outputGradients[0]!];
  const growth = (axis: number): number =>
    fixedDim(context, to[axis], 'resized axis') / fixedDim(context, from[axis], 'resized axis');
  const resized = axisRange(0, from.length)
    .filter((axis) => !isKept(context, axis))
    // The axis that shrinks most on the way back goes first: the others then have less to do.
    .toSorted((a, b) => growth(b) - growth(a));
  const gradient: Along = { value: context.outputGradients[0]!, dims: to, axis: 0 };
  const returned = resized.reduce((along, axis) => {
    const size = fixedDim(context, from[axis], 'resized axis');
    return multiplyAlong(context, { ...along, axis }, transposedMatrix(context, axis, size), size);
  }, gradient);
  return [returned.value];
};

const isGiven = (name: string | undefined): boolean => name !== undefined && name !== '';

/** Whether the axis comes out as it went in. */
function isKept(context: RuleContext, axis: number): boolean {
  const { node, dims } = context;
  if (!sameDim(dims(node.inputs[0]!)[axis], dims(node.outputs[0]!)[axis])) return false;
  // A scale near 1 may leave the length and yet move the elements.
  if (isGiven(node.inputs[3]) || constantInput(context, 2, 'scales')?.[axis] === 1) return true;
  throw blocked(node, `the scale of axis ${axis} is not 1, and the axis keeps its length`);
}

/** Emits the matrix `[size, resized size]` whose row `i` is what element `i` contributes to a resized line. */
function transposedMatrix(context: RuleContext, axis: number, size: number): string {
  const { builder, node, dims } = context;
  const resized = fixedDim(context, dims(node.outputs[0]!)[axis], 'resized axis');
  const diagonal = new Float32Array(size * size);
  for (let i = 0; i < size; i++) diagonal[i * (size + 1)] = 1;
  // Unit vectors as the channels of an image of one column: the form that every mode is implemented for.
  const units = builder.initializer('const_identity', floatTensor(diagonal, [1, size, size, 1]));
  const scale = (): number => constantInput(context, 2, 'scales')![axis]!;
  const target = isGiven(node.inputs[3])
    ? ['', builder.ints([1, size, resized, 1])]
    : [builder.initializer('const_scales', floatTensor(Float32Array.of(1, 1, scale(), 1), [4]))];
  const responses = builder.add('Resize', [units, '', ...target], node.attributes);
  return reshape(context, responses, [size, resized]);
}

/** Operators that interpolate between elements. */
export const resizingRules: Readonly<Record<string, GradientRule>> = { Resize: resize };
