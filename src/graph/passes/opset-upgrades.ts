import { floatTensor } from '../../tensor/tensor.js';
import { int, string, type GraphBuilder } from '../builder.js';
import type { Node } from '../ir.js';
import { trimmed } from '../trimmed.js';
import { floatOf, intOf, intsOf, made, without, type OpsetContext, type OpsetRule } from './opset-rule.js';

/** "To the end" is the largest int64, which numbers cannot hold; any bound beyond every dimension does as well. */
const bounded = (value: number): number =>
  Math.min(Math.max(value, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);

const intsInput = (builder: GraphBuilder, values: readonly number[] | undefined): string =>
  values === undefined ? '' : builder.ints(values.map(bounded));

const floatInput = (builder: GraphBuilder, value: number | undefined): string =>
  value === undefined ? '' : builder.scalar(value);

/** Attributes of integers become inputs, in the order given. */
const intsToInputs =
  (...names: readonly string[]): OpsetRule =>
  (node, { builder }) => [
    {
      ...node,
      inputs: trimmed([node.inputs[0]!, ...names.map((name) => intsInput(builder, intsOf(node, name)))]),
      attributes: without(node.attributes, ...names),
    },
  ];

/** Before 13, the input was flattened to a matrix at `axis` and each row normalized. */
const blockwiseSoftmax: OpsetRule = (node, { builder, ranks }) => {
  const [input, output] = [node.inputs[0]!, node.outputs[0]!];
  const axis = intOf(node, 'axis', 1);
  const rank = ranks.get(input) ?? ranks.get(output);
  const last: Node = { ...node, attributes: { axis: int(-1) } };
  if (axis === -1 || axis + 1 === rank) return [last];
  const [flat, normalized, shape] = [
    builder.fresh('flat'),
    builder.fresh('normalized'),
    builder.fresh('shape'),
  ];
  return [
    made(builder, 'Flatten', [input], flat, { axis: int(axis) }),
    { ...last, inputs: [flat], outputs: [normalized] },
    made(builder, 'Shape', [input], shape),
    made(builder, 'Reshape', [normalized, shape], output),
  ];
};

/** Before 7, the second operand was broadcast only on request, aligned at `axis` of the first or at its end. */
const requestedBroadcast: OpsetRule = (node, { builder, ranks }) => {
  const attributes = without(node.attributes, 'axis', 'broadcast', 'consumed_inputs');
  const [a, b] = node.inputs as [string, string];
  const axis = intOf(node, 'axis', -1);
  if (intOf(node, 'broadcast', 0) === 0 || !('axis' in node.attributes)) return [{ ...node, attributes }];
  const [rankA, rankB] = [ranks.get(a), ranks.get(b)];
  if (rankA === undefined || rankB === undefined) return undefined;
  const start = axis < 0 ? axis + rankA : axis;
  const missing = Array.from({ length: rankA - start - rankB }, (_, i) => rankB + i);
  if (missing.length === 0) return [{ ...node, attributes }];
  const aligned = builder.fresh('aligned');
  return [
    made(builder, 'Unsqueeze', [b, builder.ints(missing)], aligned),
    { ...node, inputs: [a, aligned], attributes },
  ];
};

/** Upsample, and Resize before 11, placed output pixels without regard to pixel centres. */
const resize = (node: Node, scales: string, nearestMode: 'floor' | 'ceil'): Node[] => [
  {
    ...node,
    op: 'Resize',
    inputs: [node.inputs[0]!, '', scales],
    attributes: {
      mode: node.attributes['mode'] ?? string('nearest'),
      coordinate_transformation_mode: string('asymmetric'),
      nearest_mode: string(nearestMode),
    },
  },
];

/** "Nearest" was the pixel before when enlarging and the one after when shrinking; one mode now serves all axes. */
const resizeOf10: OpsetRule = (node, { graph }) => {
  const name = node.inputs[1]!;
  const mode = node.attributes['mode'];
  if (mode?.type === 'string' && mode.value !== 'nearest') return resize(node, name, 'floor');
  const scales = graph.initializers.get(name)?.data as Float32Array | undefined;
  if (scales?.every((scale) => scale >= 1)) return resize(node, name, 'floor');
  return scales?.every((scale) => scale <= 1) ? resize(node, name, 'ceil') : undefined;
};

function upsampleScales(node: Node, builder: GraphBuilder): string | undefined {
  const attribute = node.attributes['scales'];
  if (attribute?.type !== 'floats') return node.inputs[1];
  return builder.initializer(
    'scales',
    floatTensor(Float32Array.from(attribute.value), [attribute.value.length]),
  );
}

const withoutConsumed: OpsetRule = (node) => [
  { ...node, attributes: without(node.attributes, 'consumed_inputs') },
];

interface Upgrade {
  /** First operator set whose form 17 still has; the rule is for graphs older than that. */
  readonly since: number;
  readonly rule: OpsetRule;
}

const elementwise = [
  'Relu',
  'Sigmoid',
  'Tanh',
  'Exp',
  'Log',
  'Sqrt',
  'Neg',
  'Abs',
  'Reciprocal',
  'Elu',
  'Selu',
];
const broadcasting = ['Add', 'Sub', 'Mul', 'Div', 'Pow', 'And', 'Or', 'Xor', 'Equal', 'Greater', 'Less'];

const same = (names: readonly string[], upgrade: Upgrade): Record<string, Upgrade> =>
  Object.fromEntries(names.map((name) => [name, upgrade]));

/** What changed between operator sets 1 and 17, per operator (onnx/docs/Changelog.md). */
export const UPGRADES: Readonly<Record<string, Upgrade>> = {
  ...same(elementwise, { since: 6, rule: withoutConsumed }),
  ...same(broadcasting, { since: 7, rule: requestedBroadcast }),
  ...same(['Softmax', 'LogSoftmax', 'Hardmax'], { since: 13, rule: blockwiseSoftmax }),
  ...same(['ReduceSum', 'Squeeze', 'Unsqueeze'], { since: 13, rule: intsToInputs('axes') }),
  Split: { since: 13, rule: intsToInputs('split') },
  Slice: { since: 10, rule: intsToInputs('starts', 'ends', 'axes') },
  Reshape: {
    since: 5,
    rule: (node, { builder }) => [
      { ...node, inputs: [node.inputs[0]!, intsInput(builder, intsOf(node, 'shape'))], attributes: {} },
    ],
  },
  Concat: {
    since: 4,
    rule: (node) => [{ ...node, attributes: { axis: int(intOf(node, 'axis', 1)) } }],
  },
  Gemm: {
    since: 7,
    rule: (node) => [{ ...node, attributes: without(node.attributes, 'broadcast') }],
  },
  TopK: {
    since: 10,
    rule: (node, { builder }) => [
      {
        ...node,
        inputs: [node.inputs[0]!, builder.ints([intOf(node, 'k', 1)])],
        attributes: without(node.attributes, 'k'),
      },
    ],
  },
  Clip: {
    since: 11,
    rule: (node, { builder }) => {
      const bounds = ['min', 'max'].map((name) => floatInput(builder, floatOf(node, name)));
      return [{ ...node, inputs: trimmed([node.inputs[0]!, ...bounds]), attributes: {} }];
    },
  },
  Pad: {
    since: 11,
    rule: (node, { builder }) => {
      const pads = intsOf(node, 'pads') ?? intsOf(node, 'paddings');
      const value = floatInput(builder, floatOf(node, 'value'));
      return [
        {
          ...node,
          inputs: trimmed([node.inputs[0]!, intsInput(builder, pads), value]),
          attributes: without(node.attributes, 'pads', 'paddings', 'value'),
        },
      ];
    },
  },
  // Only inference is carried over: the ratio has no effect there.
  Dropout: { since: 12, rule: (node) => [{ ...node, inputs: [node.inputs[0]!], attributes: {} }] },
  BatchNormalization: {
    since: 14,
    rule: (node) =>
      intOf(node, 'spatial', 1) === 0
        ? undefined
        : [
            {
              ...node,
              outputs: node.outputs.slice(0, 1),
              attributes: without(node.attributes, 'spatial', 'is_test', 'consumed_inputs'),
            },
          ],
  },
  Scatter: { since: 11, rule: (node) => [{ ...node, op: 'ScatterElements' }] },
  Upsample: {
    since: 10,
    rule: (node, { builder }: OpsetContext) => {
      const scales = upsampleScales(node, builder);
      return scales === undefined ? undefined : resize(node, scales, 'floor');
    },
  },
  Resize: { since: 11, rule: resizeOf10 },
};
