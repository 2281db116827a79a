import { float, int } from '../../builder.js';
import type { InferredDim } from '../../ir.js';
import { blocked, fixedDim } from '../blocked.js';
import { floatAttribute, intAttribute, intsAttribute } from '../attributes.js';
import { sumToShape } from '../broadcasting.js';
import { meanOver } from '../row-sum.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { axisRange, filled, normalizeAxis, reshape } from '../shaping.js';

/** Values with mean 0 and variance 1 over some axes. */
interface Standardised {
  readonly value: string;
  readonly dims: readonly InferredDim[];
  readonly axes: readonly number[];
  /** What each value was multiplied by, after the mean was taken off: shaped like `dims` with the axes kept as 1. */
  readonly slope: string;
}

/**
 * Emits the standardised input over `axis` and all that follow. ONNX Runtime's kernel gives it with one over the deviation,
 * exactly as much as the gradient needs, and its rows were measured to be independent of one another at every width.
 */
function standardise(context: RuleContext, axis: number): Standardised {
  const { builder, node } = context;
  const dims = context.dims(node.inputs[0]!);
  const sizes = dims.slice(axis).map((dim) => fixedDim(context, dim, 'normalized shape'));
  const [value, , slope] = builder.addMany(
    'LayerNormalization',
    [node.inputs[0]!, filled(context, sizes, 1)],
    3,
    { axis: int(axis), epsilon: float(floatAttribute(node, 'epsilon', 1e-5)) },
  );
  return { value: value!, dims, axes: axisRange(axis, dims.length), slope: slope! };
}

/** dx = slope (g - mean(g) - x' mean(g x')), where x' is the standardised x and g its gradient. */
function throughStandardised(context: RuleContext, g: string, standard: Standardised): string {
  const { builder } = context;
  const { value, dims, axes, slope } = standard;
  const mean = (summed: string): string => meanOver(context, { value: summed, dims, axes });
  const correlation = mean(builder.add('Mul', [g, value]));
  const level = builder.add('Sub', [g, mean(g)]);
  const rest = builder.add('Sub', [level, builder.add('Mul', [value, correlation])]);
  return builder.add('Mul', [rest, slope]);
}

/** y = scale x' + bias, where x' is x standardised over `axis` and all that follow, and scale and bias broadcast. */
const layerNormalization: GradientRule = (context) => {
  const { builder, node, needs, outputGradients } = context;
  const [x, scale, bias] = node.inputs as [string, string, string | undefined];
  const [g, ...statistics] = outputGradients;
  if (typeof g !== 'string' || statistics.some((gradient) => gradient !== null)) {
    throw blocked(node, 'its mean or its deviation is used as well');
  }
  const dims = context.dims(x);
  const standard = standardise(context, normalizeAxis(intAttribute(node, 'axis', -1), dims.length));
  const total = (value: string, like: string): string => sumToShape(context, value, dims, context.dims(like));
  return [
    needs[0] === true ? throughStandardised(context, builder.add('Mul', [g, scale]), standard) : null,
    needs[1] === true ? total(builder.add('Mul', [g, standard.value]), scale) : null,
    needs[2] === true ? total(g, bias!) : null,
  ];
};

/** y = scale x' + bias with one scale and bias per channel (axis 1), where x' is x standardised over the axes after it. */
const instanceNormalization: GradientRule = (context) => {
  const { builder, node, needs } = context;
  const scale = node.inputs[1]!;
  const g = context.outputGradients[0]!;
  const standard = standardise(context, 2);
  const perChannel = [...context.dims(scale), ...standard.axes.map(() => 1)];
  const overChannel = (value: string): string =>
    builder.add('ReduceSum', [value, builder.ints([0, ...standard.axes])], { keepdims: int(0) });
  const inputGradient = (): string => {
    const slope = builder.add('Mul', [standard.slope, reshape(context, scale, perChannel)]);
    return throughStandardised(context, g, { ...standard, slope });
  };
  return [
    needs[0] === true ? inputGradient() : null,
    needs[1] === true ? overChannel(builder.add('Mul', [g, standard.value])) : null,
    needs[2] === true ? overChannel(g) : null,
  ];
};

/** What is added to the deviation, so that it is not 0 (ONNX operator MeanVarianceNormalization, set 13). */
const SMALLEST_DEVIATION = 1e-9;

/** x standardised over any axes: by default those of the batch and the places, so that examples share a mean. */
const meanVarianceNormalization: GradientRule = (context) => {
  const { builder, node } = context;
  const [x, y] = [node.inputs[0]!, node.outputs[0]!];
  const dims = context.dims(x);
  const axes = (intsAttribute(node, 'axes') ?? [0, 2, 3]).map((axis) => normalizeAxis(axis, dims.length));
  const mean = (value: string): string => meanOver(context, { value, dims, axes });
  const centred = builder.add('Sub', [x, mean(x)]);
  const deviation = builder.add('Sqrt', [mean(builder.add('Mul', [centred, centred]))]);
  const positive = builder.add('Add', [deviation, builder.scalar(SMALLEST_DEVIATION)]);
  const slope = builder.add('Reciprocal', [positive]);
  return [throughStandardised(context, context.outputGradients[0]!, { value: y, dims, axes, slope })];
};

/** Normalizations by mean and variance of the input itself. */
export const standardNormalizationRules: Readonly<Record<string, GradientRule>> = {
  LayerNormalization: layerNormalization,
  InstanceNormalization: instanceNormalization,
  MeanVarianceNormalization: meanVarianceNormalization,
};
