import { blocked } from '../blocked.js';
import { floatAttribute, intAttribute } from '../attributes.js';
import type { GradientRule } from '../rule.js';
import { axisRange, reshape } from '../shaping.js';

/**
 * Inference-mode batch normalisation, y = scale (x - mean) / sqrt(variance + epsilon) + bias, with one value of each
 * statistic per channel (axis 1): an affine map of x. The statistics are inputs like any other and have gradients of
 * their own. Training mode, where they are computed from x, blocks.
 */
const batchNormalization: GradientRule = (context) => {
  const { builder, node, needs } = context;
  if (intAttribute(node, 'training_mode', 0) === 1) throw blocked(node, 'it is in training mode');
  const [x, scale, , mean, variance] = node.inputs as [string, string, string, string, string];
  const g = context.outputGradients[0]!;
  const rank = context.dims(x).length;
  const channels = context.dims(scale);
  const perChannel = (value: string): string =>
    reshape(context, value, [...channels, ...axisRange(2, rank).map(() => 1)]);
  const overChannel = (value: string): string => {
    const axes = axisRange(0, rank).filter((axis) => axis !== 1);
    return builder.add('ReduceSum', [value, builder.ints(axes)], { keepdims: { type: 'int', value: 0 } });
  };

  const epsilon = builder.scalar(floatAttribute(node, 'epsilon', 1e-5));
  const deviation = builder.add('Sqrt', [builder.add('Add', [variance, epsilon])]);
  const slope = builder.add('Div', [scale, deviation]);
  const total = (): string => overChannel(g);
  const correlation = (): string => {
    const centred = builder.add('Sub', [x, perChannel(mean)]);
    return builder.add('Div', [overChannel(builder.add('Mul', [g, centred])), deviation]);
  };
  const gradients = [
    () => builder.add('Mul', [g, perChannel(slope)]),
    correlation,
    total,
    () => builder.add('Neg', [builder.add('Mul', [total(), slope])]),
    () => {
      // d/dv (v + epsilon)^(-1/2) = -(v + epsilon)^(-3/2) / 2
      const halfSlope = builder.add('Mul', [slope, builder.scalar(-0.5)]);
      return builder.add('Div', [builder.add('Mul', [correlation(), halfSlope]), deviation]);
    },
  ];
  return gradients.map((emit, index) => (needs[index] === true ? emit() : null));
};

export const normalizationRules: Readonly<Record<string, GradientRule>> = {
  BatchNormalization: batchNormalization,
};
