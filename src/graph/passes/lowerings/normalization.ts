import { float, int, ints } from '../../builder.js';
import { dataTypes } from '../../onnx/data-type.js';
import { floatTensor } from '../../../tensor/tensor.js';
import { floatOf, intOf, type OpsetRule } from '../opset-rule.js';
import { emitterWith } from './emitter.js';

/**
 * x standardised over the channels of each group and all places, times scale plus bias: of each group in 18 to 20, of each
 * channel from 21 on. Exporters write InstanceNormalization for the first part; LayerNormalization computes the same from rows
 * whose bits do not depend on one another.
 */
const groupNormalization: OpsetRule = (node, { builder, version }) => {
  const { nodes, emit } = emitterWith(builder);
  const [x, scale, bias] = node.inputs as [string, string, string];
  const grouped = emit('Reshape', [x, builder.ints([0, intOf(node, 'num_groups', 1), -1])]);
  const unit = builder.initializer('unit', floatTensor(Float32Array.of(1), [1]));
  const epsilon = float(floatOf(node, 'epsilon') ?? 1e-5);
  const standard = emit('LayerNormalization', [grouped, unit], { axis: int(-1), epsilon });
  const channels = (): string =>
    emit('Concat', [builder.ints([0]), emit('Shape', [scale]), builder.ints([-1])], { axis: int(0) });
  const lines = version < 21 ? standard : emit('Reshape', [standard, channels()]);
  const column = (value: string): string => emit('Unsqueeze', [value, builder.ints([1])]);
  const result = emit('Add', [emit('Mul', [lines, column(scale)]), column(bias)]);
  emit('Reshape', [result, emit('Shape', [x])], {}, node.outputs[0]);
  return nodes;
};

/** x / sqrt(mean(x^2) + epsilon) over `axis` and all that follow, times scale (Zhang and Sennrich 2019). */
const rmsNormalization: OpsetRule = (node, { builder, ranks }) => {
  const { nodes, emit } = emitterWith(builder);
  const [x, scale] = node.inputs as [string, string];
  const axis = intOf(node, 'axis', -1);
  const rank = ranks.get(x) ?? ranks.get(node.outputs[0]!);
  if (axis >= 0 && rank === undefined) return undefined;
  const count = axis < 0 ? -axis : rank! - axis;
  const axes = Array.from({ length: count }, (_, i) => i - count);
  const squares = emit('ReduceSumSquare', [x], { axes: ints(axes) });
  const sizes = emit('Shape', [x], { start: int(-count) });
  const size = emit('ReduceProd', [emit('Cast', [sizes], { to: int(dataTypes.float32.code) })], {
    keepdims: int(0),
  });
  const epsilon = builder.scalar(floatOf(node, 'epsilon') ?? 1e-5);
  const energy = emit('Add', [emit('Div', [squares, size]), epsilon]);
  const standard = emit('Div', [x, emit('Sqrt', [energy])]);
  emit('Mul', [standard, scale], {}, node.outputs[0]);
  return nodes;
};

/** How to write a normalization of a later operator set in 17. */
export const normalizationLowerings: Readonly<Record<string, OpsetRule>> = {
  GroupNormalization: groupNormalization,
  RMSNormalization: rmsNormalization,
};
