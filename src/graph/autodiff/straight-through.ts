import type { DataType } from '../../tensor/tensor.js';
import { int } from '../builder.js';
import { dataTypes } from '../onnx/data-type.js';
import { isFloat } from './activity.js';
import { intAttribute } from './attributes.js';
import { blocked, fixedDim } from './blocked.js';
import { sumToShape } from './broadcasting.js';
import type { GradientRule, RuleContext } from './rule.js';
import { gradientRules } from './rules/index.js';
import { normalizeAxis, reshape } from './shaping.js';

/**
 * What stands in for the derivative of an operator whose own is zero almost everywhere, or that passes values through
 * integers: the backward pass differentiable approximation (BPDA) of Athalye, Carlini and Wagner, "Obfuscated Gradients
 * Give a False Sense of Security" (ICML 2018), section 4.1, whose case of the identity is the straight-through estimator
 * of Bengio, Léonard and Courville (2013).
 *
 * The cotangent of an integer or boolean value is a float32 tensor of its shape.
 */
export interface StraightThrough {
  readonly rule: GradientRule;
  /** Why the operator blocks an exact gradient, as half a sentence. */
  readonly reason: string;
  /** What is done with the gradient instead, as half a sentence. */
  readonly backward: string;
}

const FLAT = 'its derivative is zero almost everywhere';

const unchanged: GradientRule = ({ outputGradients }) => [outputGradients[0]!];

/** A rule of the exact table, for the uses of an operator where nothing has to be approximated. */
const exact = (op: string): GradientRule => gradientRules.get(op)!;

/** A per-tensor or per-axis parameter of quantisation as float32, shaped to broadcast against the node's data. */
function perAxis(context: RuleContext, parameter: string, data: string): string {
  const { builder, node, shapes, dims } = context;
  const value = isFloat(parameter, shapes) ? parameter : builder.add('Cast', [parameter], { to: int(1) });
  const own = dims(parameter);
  if (own.length === 0 || (own.length === 1 && own[0] === 1)) return value;
  if (own.length > 1) throw blocked(node, 'its scale is neither one per tensor nor one per axis');
  const rank = dims(data).length;
  const axis = normalizeAxis(intAttribute(node, 'axis', 1), rank);
  const after = Array.from({ length: rank - axis - 1 }, () => 1);
  return reshape(context, value, [fixedDim(context, own[0], 'scale'), ...after]);
}

/** Whole numbers that a quantised type can represent. */
const RANGES: Readonly<Partial<Record<DataType, readonly [number, number]>>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65_535],
  int16: [-32_768, 32_767],
};

/** y = saturate(round(x / scale) + zero): g / scale where nothing was saturated, else 0. */
const quantize: GradientRule = (context) => {
  const { builder, node, shapes } = context;
  const [x, scale, zero = ''] = node.inputs as [string, string, string?];
  const range = RANGES[shapes.get(node.outputs[0]!)!.type];
  if (range === undefined) throw blocked(node, 'its result is of a type whose range is not known');
  const step = perAxis(context, scale, x);
  const rounded = builder.add('Round', [builder.add('Div', [x, step])]);
  const code = zero === '' ? rounded : builder.add('Add', [rounded, perAxis(context, zero, x)]);
  const saturated = builder.add('Clip', [code, ...range.map((bound) => builder.scalar(bound))]);
  const inside = builder.add('Equal', [code, saturated]);
  const slope = builder.add('Div', [context.outputGradients[0]!, step]);
  return [builder.add('Where', [inside, slope, builder.scalar(0)]), null, null];
};

/** x = (y - zero) scale: g scale. Scale and zero point count as constants even where they are computed. */
const dequantize: GradientRule = (context) => {
  const { builder, node, outputGradients } = context;
  const [y, scale] = node.inputs as [string, string];
  return [builder.add('Mul', [outputGradients[0]!, perAxis(context, scale, y)]), null, null];
};

/** The scale is chosen so that nothing saturates: g / scale. The scale itself counts as a constant. */
const quantizeDynamically: GradientRule = ({ builder, node, outputGradients }) => {
  const [gradient] = outputGradients;
  return [gradient === null ? null : builder.add('Div', [gradient!, node.outputs[1]!])];
};

/** The gradient of Softmax along the same axis. */
const hardmax: GradientRule = (context) => {
  const { builder, node } = context;
  const y = builder.add('Softmax', [node.inputs[0]!], { axis: int(intAttribute(node, 'axis', -1)) });
  return exact('Softmax')({ ...context, node: { ...node, outputs: [y] } });
};

/** Between floats as ever; to and from integers and truth values as if they were floats. */
const cast: GradientRule = (context) => {
  const { builder, node, shapes, outputGradients } = context;
  const [from, to] = [node.inputs[0]!, node.outputs[0]!];
  const [fromFloat, toFloat] = [isFloat(from, shapes), isFloat(to, shapes)];
  if (fromFloat && toFloat) return exact('Cast')(context);
  if (fromFloat && shapes.get(to)?.type === 'bool') throw blocked(node, 'it compares with zero');
  const type = fromFloat ? (shapes.get(from)?.type ?? 'float32') : 'float32';
  return [builder.add('Cast', [outputGradients[0]!], { to: int(dataTypes[type].code) })];
};

/** Where(c, a, b) = b + c (a - b): besides the gradients of a and b, g (a - b) for a condition that has one. */
const where: GradientRule = (context) => {
  const { builder, node, needs, outputGradients } = context;
  const [condition, a, b] = node.inputs as [string, string, string];
  const [, ofA = null, ofB = null] = exact('Where')(context);
  if (needs[0] !== true) return [null, ofA, ofB];
  const product = builder.add('Mul', [outputGradients[0]!, builder.add('Sub', [a, b])]);
  return [sumToShape(context, product, context.dims(node.outputs[0]!), context.dims(condition)), ofA, ofB];
};

/** A comparison of a with b, as if it were a - b or b - a. */
const comparison =
  (sign: 1 | -1): GradientRule =>
  (context) => {
    const { builder, node, needs, outputGradients } = context;
    const gradient = outputGradients[0]!;
    const [up, down] = [() => gradient, () => builder.add('Neg', [gradient])];
    return [sign === 1 ? up : down, sign === 1 ? down : up].map((emit, i) =>
      needs[i] === true
        ? sumToShape(context, emit(), context.dims(node.outputs[0]!), context.dims(node.inputs[i]!))
        : null,
    );
  };

const identity: StraightThrough = { rule: unchanged, reason: FLAT, backward: 'the identity, everywhere' };

const compared = (sign: 1 | -1): StraightThrough => ({
  rule: comparison(sign),
  reason: FLAT,
  backward: `as ${sign === 1 ? 'a - b' : 'b - a'}, where nothing but comparisons leads from the input to the output`,
});

/**
 * The operators that straight-through gradients pass, by name. Sign passes the gradient everywhere, not only where |x| <= 1
 * as in the training of binarised networks (Hubara et al. 2016): pre-activations are sums of many units and mostly larger. On
 * a binarised network for traffic signs, PGD-10 on the margin loss at Linf 1/255 leaves 252 of 326 images this way and 311
 * with the window. Where Sign is the only non-linearity, all images of a class share one gradient, so such an attack is
 * weaker than one on a smooth slope would be.
 */
export const straightThroughRules: ReadonlyMap<string, StraightThrough> = new Map(
  Object.entries({
    Round: identity,
    Floor: identity,
    Ceil: identity,
    Sign: identity,
    Hardmax: { rule: hardmax, reason: FLAT, backward: 'as Softmax' },
    QuantizeLinear: {
      rule: quantize,
      reason: FLAT,
      backward: 'division by the scale inside the representable range, zero outside',
    },
    DequantizeLinear: {
      rule: dequantize,
      reason: 'it reads integers',
      backward: 'multiplication by the scale',
    },
    DynamicQuantizeLinear: {
      rule: quantizeDynamically,
      reason: FLAT,
      backward: 'division by the scale, which counts as a constant',
    },
    Cast: {
      rule: cast,
      reason: 'it turns floats into integers',
      backward: 'to and from integers and truth values, the identity',
    },
    Where: { rule: where, reason: FLAT, backward: 'for the condition, as Where(c, a, b) = b + c (a - b)' },
    Greater: compared(1),
    GreaterOrEqual: compared(1),
    Less: compared(-1),
    LessOrEqual: compared(-1),
    Not: {
      rule: ({ builder, outputGradients }) => [builder.add('Neg', [outputGradients[0]!])],
      reason: FLAT,
      backward: 'as 1 - x, where nothing but comparisons leads from the input to the output',
    },
  } satisfies Record<string, StraightThrough>),
);

/** Operators whose exact rules look at no values, so that they serve for integers between two of those above. */
export const MOVEMENTS: ReadonlySet<string> = new Set([
  ...['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose', 'Concat', 'Split', 'Slice'],
]);
