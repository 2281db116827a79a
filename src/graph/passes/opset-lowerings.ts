import { ints } from '../builder.js';
import type { Node } from '../ir.js';
import { intOf, made, without, type OpsetContext, type OpsetRule } from './opset-rule.js';

/** Operators that came, or changed their meaning, after operator set 17 (onnx/docs/Changelog.md). */
export const LATER_OPERATORS: ReadonlySet<string> = new Set([
  ...['BitwiseAnd', 'BitwiseNot', 'BitwiseOr', 'BitwiseXor', 'CenterCropPad', 'Col2Im', 'GroupNormalization'],
  ...['LpPool', 'DeformConv', 'AffineGrid', 'DFT', 'GridSample', 'ImageDecoder'],
  ...['RegexFullMatch', 'StringConcat', 'StringSplit', 'Attention', 'RMSNormalization', 'RotaryEmbedding'],
  ...['TensorScatter', 'Swish', 'CumProd', 'BitCast'],
]);

/** The axes became an input in 18. */
const axesToAttribute: OpsetRule = (node, { graph }) => {
  const name = node.inputs[1] ?? '';
  const axes = graph.initializers.get(name)?.data;
  const attributes = without(node.attributes, 'noop_with_empty_axes');
  if (intOf(node, 'noop_with_empty_axes', 0) !== 0 && (axes?.length ?? 0) === 0) return undefined;
  if (name === '') return [{ ...node, attributes }];
  if (axes === undefined) return undefined;
  if (axes.length === 0) return [{ ...node, inputs: [node.inputs[0]!], attributes }];
  const values = Array.from(axes as ArrayLike<number | bigint>, Number);
  return [{ ...node, inputs: [node.inputs[0]!], attributes: { ...attributes, axes: ints(values) } }];
};

/** The node without attributes that 17 does not know, if they have the values that change nothing. */
const withDefaults =
  (neutral: Readonly<Record<string, (node: Node) => boolean>>): OpsetRule =>
  (node) => {
    const unknown = Object.keys(neutral).filter((name) => name in node.attributes);
    if (unknown.some((name) => !neutral[name]!(node))) return undefined;
    return [{ ...node, attributes: without(node.attributes, ...unknown) }];
  };

const never = (): boolean => false;
const always = (): boolean => true;

/** 0.5 x (1 + erf(x / sqrt 2)), the exact form only. */
const gelu: OpsetRule = (node, { builder }) => {
  const approximate = node.attributes['approximate'];
  if (approximate?.type === 'string' && approximate.value !== 'none') return undefined;
  const x = node.inputs[0]!;
  const [scaled, erf, shifted, half] = names(builder, 'scaled', 'erf', 'shifted', 'half') as [
    string,
    string,
    string,
    string,
  ];
  return [
    made(builder, 'Mul', [x, builder.scalar(Math.SQRT1_2)], scaled),
    made(builder, 'Erf', [scaled], erf),
    made(builder, 'Add', [erf, builder.scalar(1)], shifted),
    made(builder, 'Mul', [x, builder.scalar(0.5)], half),
    made(builder, 'Mul', [half, shifted], node.outputs[0]!),
  ];
};

/** x tanh(softplus(x)). */
const mish: OpsetRule = (node, { builder }) => {
  const [softplus, tanh] = names(builder, 'softplus', 'tanh') as [string, string];
  return [
    made(builder, 'Softplus', [node.inputs[0]!], softplus),
    made(builder, 'Tanh', [softplus], tanh),
    made(builder, 'Mul', [node.inputs[0]!, tanh], node.outputs[0]!),
  ];
};

const names = (builder: OpsetContext['builder'], ...prefixes: readonly string[]): string[] =>
  prefixes.map((prefix) => builder.fresh(prefix));

const REDUCTIONS = ['Mean', 'Max', 'Min', 'Prod', 'L1', 'L2', 'LogSum', 'LogSumExp', 'SumSquare'];

const quantization = withDefaults({
  saturate: always,
  block_size: (node) => intOf(node, 'block_size', 0) === 0,
  output_dtype: never,
  precision: never,
});

const scatter: OpsetRule = (node) => {
  const reduction = node.attributes['reduction'];
  return reduction?.type === 'string' && ['max', 'min'].includes(reduction.value) ? undefined : [node];
};

/** How to write an operator of a later set in 17. */
export const LOWERINGS: Readonly<Record<string, OpsetRule>> = {
  ...Object.fromEntries(REDUCTIONS.map((name) => [`Reduce${name}`, axesToAttribute])),
  Gelu: gelu,
  Mish: mish,
  Cast: withDefaults({ saturate: always, round_mode: never }),
  QuantizeLinear: quantization,
  DequantizeLinear: quantization,
  AveragePool: withDefaults({
    dilations: ({ attributes }) =>
      attributes['dilations']?.type === 'ints' && attributes['dilations'].value.every((value) => value === 1),
  }),
  Resize: withDefaults({
    antialias: (node) => intOf(node, 'antialias', 0) === 0,
    keep_aspect_ratio_policy: ({ attributes }) =>
      attributes['keep_aspect_ratio_policy']?.type === 'string' &&
      attributes['keep_aspect_ratio_policy'].value === 'stretch',
    axes: never,
  }),
  // An equal split needs the dimension to be a multiple, which 17 insists on and 18 does not.
  Split: withDefaults({ num_outputs: never }),
  Pad: (node) => {
    const mode = node.attributes['mode'];
    const wraps = mode?.type === 'string' && mode.value === 'wrap';
    return wraps || (node.inputs[3] ?? '') !== '' ? undefined : [node];
  },
  ScatterElements: scatter,
  ScatterND: scatter,
};
