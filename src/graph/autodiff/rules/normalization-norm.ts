import { int, ints } from '../../builder.js';
import type { InferredDim } from '../../ir.js';
import { fixedDim } from '../blocked.js';
import { floatAttribute, intAttribute } from '../attributes.js';
import { zero } from '../masks.js';
import { sumOver } from '../row-sum.js';
import type { GradientRule } from '../rule.js';
import { normalizeAxis, reshape, reshapeLike } from '../shaping.js';

/**
 * y = x / ||x|| along one axis: dx = (g - s sum(g y)) / ||x||, where s is the norm's own derivative, y for the second norm and
 * sign(x) for the first. A line of zeros has y = 0 and passes nothing on.
 */
const lpNormalization: GradientRule = (context) => {
  const { builder, node } = context;
  const [x, y] = [node.inputs[0]!, node.outputs[0]!];
  const g = context.outputGradients[0]!;
  const dims = context.dims(x);
  const axis = normalizeAxis(intAttribute(node, 'axis', -1), dims.length);
  const order = intAttribute(node, 'p', 2);
  const norm = builder.add(order === 1 ? 'ReduceL1' : 'ReduceL2', [x], { axes: ints([axis]) });
  const isZero = zero(context, norm);
  const whole = builder.add('Sub', [builder.scalar(1), isZero]);
  const reciprocal = builder.add('Div', [whole, builder.add('Add', [norm, isZero])]);
  const correlation = sumOver(context, { value: builder.add('Mul', [g, y]), dims, axes: [axis] });
  const slope = order === 1 ? builder.add('Sign', [x]) : y;
  const rest = builder.add('Sub', [g, builder.add('Mul', [slope, correlation])]);
  return [builder.add('Mul', [rest, reciprocal])];
};

/**
 * Local response normalization (Krizhevsky et al. 2012, section 3.3): y_c = x_c d_c^-beta with d_c = bias + alpha mean of
 * x_i^2 over the `size` channels i about c, of which an even size has one more after c.
 *
 * dx_i = g_i d_i^-beta - 2 alpha beta x_i mean of g_c y_c / d_c over the channels c that see i. Both means are poolings along
 * the channels that count padding.
 */
const localResponseNormalization: GradientRule = (context) => {
  const { builder, node } = context;
  const [x, y] = [node.inputs[0]!, node.outputs[0]!];
  const g = context.outputGradients[0]!;
  const size = intAttribute(node, 'size', 1);
  const alpha = floatAttribute(node, 'alpha', 1e-4);
  const beta = floatAttribute(node, 'beta', 0.75);
  const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
  const [batch, ...others] = context.dims(x);
  const [channels, ...spatial] = others.map((dim) => fixedDim(context, dim, 'shape'));
  const area = spatial.reduce((product, length) => product * length, 1);
  const plane: InferredDim[] = [batch!, 1, channels!, area];
  const average = (value: string, begin: number, end: number): string => {
    const pooled = builder.add('AveragePool', [reshape(context, value, plane)], {
      kernel_shape: ints([size, 1]),
      pads: ints([begin, 0, end, 0]),
      count_include_pad: int(1),
    });
    return reshapeLike(context, pooled, x);
  };
  const scaled = (value: string, factor: number): string =>
    builder.add('Mul', [value, builder.scalar(factor)]);
  const energy = scaled(average(builder.add('Mul', [x, x]), before, after), alpha);
  const base = builder.add('Add', [energy, builder.scalar(floatAttribute(node, 'bias', 1))]);
  const direct = builder.add('Mul', [g, builder.add('Pow', [base, builder.scalar(-beta)])]);
  const influence = builder.add('Div', [builder.add('Mul', [g, y]), base]);
  const indirect = builder.add('Mul', [x, scaled(average(influence, after, before), 2 * alpha * beta)]);
  return [builder.add('Sub', [direct, indirect])];
};

/** Normalizations by a norm of the input itself. */
export const normNormalizationRules: Readonly<Record<string, GradientRule>> = {
  LpNormalization: lpNormalization,
  LRN: localResponseNormalization,
};
