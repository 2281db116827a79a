import { int } from '../../builder.js';
import { fixedDim } from '../blocked.js';
import { intAttribute } from '../attributes.js';
import { zero } from '../masks.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { reshape, reshapeLike, zerosLike } from '../shaping.js';
import { signedPower } from './lp-pooling.js';

/** Number of elements that one pooling over all spatial axes sees. */
function areaOf(context: RuleContext): number {
  const [, , ...spatial] = context.dims(context.node.inputs[0]!);
  return spatial.reduce<number>((area, dim) => area * fixedDim(context, dim, 'spatial size'), 1);
}

/** All of the gradient goes to the maximum, to the first in row-major order where several are equal, as MaxPool's does. */
const globalMaxPool: GradientRule = (context) => {
  const { builder, node } = context;
  const input = node.inputs[0]!;
  const [batch, channels] = context.dims(input);
  const places = (value: string, size: number): string => reshape(context, value, [batch!, channels!, size]);
  const flat = places(input, areaOf(context));
  const first = builder.add('ArgMax', [flat], { axis: int(2), keepdims: int(1) });
  const gradient = places(context.outputGradients[0]!, 1);
  const scattered = builder.add('ScatterElements', [zerosLike(context, flat), first, gradient], {
    axis: int(2),
  });
  return [reshapeLike(context, scattered, input)];
};

/** y = (sum |x|^p)^(1/p): dx = sign(x) |x / y|^(p - 1) g, and 0 where the norm is 0. */
const globalLpPool: GradientRule = (context) => {
  const { builder, node } = context;
  const y = node.outputs[0]!;
  const norm = builder.add('Add', [y, zero(context, y)]);
  const ratio = builder.add('Div', [node.inputs[0]!, norm]);
  const factor = signedPower(context, ratio, intAttribute(node, 'p', 2) - 1);
  return [builder.add('Mul', [factor, context.outputGradients[0]!])];
};

/** Poolings over all spatial axes of `[batch, channels, ...spatial]`, but for the average. */
export const globalPoolingRules: Readonly<Record<string, GradientRule>> = {
  GlobalMaxPool: globalMaxPool,
  GlobalLpPool: globalLpPool,
};
