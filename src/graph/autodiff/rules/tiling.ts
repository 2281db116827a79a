import { int } from '../../builder.js';
import { returnToSources, type Along } from '../along-axis.js';
import { blocked } from '../blocked.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { sumToShape } from '../broadcasting.js';
import { axisRange, sameDim } from '../shaping.js';

/** Broadcasting to a given shape. */
const expand: GradientRule = (context) => {
  const { node } = context;
  const [from, to] = [context.dims(node.outputs[0]!), context.dims(node.inputs[0]!)];
  return [sumToShape(context, context.outputGradients[0]!, from, to)];
};

/** Copies end to end along each axis: their gradients add up. How many there are follows from the shapes. */
const tile: GradientRule = (context) => {
  const { node, dims } = context;
  const [from, to] = [dims(node.inputs[0]!), dims(node.outputs[0]!)];
  const tiled: Along = { value: context.outputGradients[0]!, dims: to, axis: 0 };
  const returned = axisRange(0, from.length)
    .filter((axis) => !sameDim(from[axis], to[axis]))
    .reduce((along, axis) => {
      const [size, length] = [from[axis]!, to[axis]!];
      if (typeof size === 'number' && typeof length === 'number') {
        const sources = axisRange(0, length).map((position) => position % size);
        return returnToSources(context, { ...along, axis }, sources, size);
      }
      const result = along.dims.with(axis, size);
      return { value: sumOfBatches(context, { ...along, axis }, result), dims: result, axis };
    }, tiled);
  return [returned.value];
};

/** The axis follows the batch: as copies of one element that many times, or as that many elements copied. */
function sumOfBatches(context: RuleContext, tiled: Along, result: Along['dims']): string {
  const { builder, node } = context;
  const { value, dims, axis } = tiled;
  const [size, length] = [result[axis]!, dims[axis]!];
  if (size === 1) return sumToShape(context, value, dims, result);
  if (typeof size === 'number' || typeof length === 'number')
    throw blocked(node, 'how often it repeats depends on the batch size');
  const parts = builder.addMany('Split', [value], length.batch / size.batch, { axis: int(axis) });
  return builder.add('Sum', parts);
}

/** Operators that repeat their input. */
export const tilingRules: Readonly<Record<string, GradientRule>> = { Expand: expand, Tile: tile };
