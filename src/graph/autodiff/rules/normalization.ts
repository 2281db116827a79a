import { int } from '../../builder.js';
import { blocked } from '../blocked.js';
import { floatAttribute, intAttribute } from '../attributes.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { axisRange, reshape } from '../shaping.js';

/**
 * Inference-mode batch normalisation, y = scale (x - mean) / sqrt(variance + epsilon) + bias, with one value of each
 * statistic per channel (axis 1): an affine map of x. The statistics are inputs like any other and have gradients of
 * their own. Training mode, where they are computed from x, is another rule.
 */
const batchNormalization: GradientRule = (context) => {
  const { builder, node, needs } = context;
  if (intAttribute(node, 'training_mode', 0) === 1) return withBatchStatistics(context);
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

/**
 * Training mode: mean and variance are those of x itself, over batch and positions, and move with it (Ioffe and Szegedy, "Batch
 * Normalization" (2015), section 3). It passes where the node's other outputs are these statistics, that is with a momentum of
 * 0, and nothing flows back into them. Otherwise the statistics are hidden, and the node is none that Gauntlet made: it blocks.
 *
 * With c = x - mean and all means over batch and positions: dx = slope (g - mean(g) - c mean(g c) / (variance + epsilon)).
 */
function withBatchStatistics(context: RuleContext): readonly (string | null)[] {
  const { builder, node, needs, outputGradients } = context;
  const [x, scale] = node.inputs as [string, string];
  const [, mean, variance] = node.outputs as [string, string?, string?];
  const hidden = floatAttribute(node, 'momentum', 0.9) !== 0 || !mean || !variance;
  if (hidden || outputGradients.slice(1).some((gradient) => gradient !== null))
    throw blocked(node, 'it is in training mode');
  const g = outputGradients[0]!;
  const rank = context.dims(x).length;
  const axes = axisRange(0, rank).filter((axis) => axis !== 1);
  const perChannel = (value: string): string =>
    reshape(context, value, [...context.dims(scale), ...axisRange(2, rank).map(() => 1)]);
  const spread = builder.add('Add', [variance, builder.scalar(floatAttribute(node, 'epsilon', 1e-5))]);
  const deviation = builder.add('Sqrt', [spread]);
  const centred = builder.add('Sub', [x, perChannel(mean)]);
  const product = builder.add('Mul', [g, centred]);
  const over = (reduction: 'ReduceSum' | 'ReduceMean', value: string): string =>
    reduction === 'ReduceSum'
      ? builder.add(reduction, [value, builder.ints(axes)], { keepdims: int(0) })
      : builder.add(reduction, [value], { axes: { type: 'ints', value: axes }, keepdims: int(0) });
  const inputGradient = (): string => {
    const slope = builder.add('Div', [scale, deviation]);
    const pull = builder.add('Neg', [builder.add('Div', [over('ReduceMean', product), spread])]);
    const shift = builder.add('Neg', [builder.add('Mul', [over('ReduceMean', g), slope])]);
    const along = builder.add('Mul', [centred, perChannel(builder.add('Mul', [pull, slope]))]);
    const scaled = builder.add('Mul', [g, perChannel(slope)]);
    return builder.add('Add', [builder.add('Add', [scaled, along]), perChannel(shift)]);
  };
  return [
    needs[0] === true ? inputGradient() : null,
    needs[1] === true ? builder.add('Div', [over('ReduceSum', product), deviation]) : null,
    needs[2] === true ? over('ReduceSum', g) : null,
    null,
    null,
  ];
}

export const normalizationRules: Readonly<Record<string, GradientRule>> = {
  BatchNormalization: batchNormalization,
};
