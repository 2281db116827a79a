import { intTensor } from '../../../tensor/tensor.js';
import { int } from '../../builder.js';
import type { Graph, Node } from '../../ir.js';
import { trimmed } from '../../trimmed.js';
import { intsOf, without, type OpsetRule } from '../opset-rule.js';
import { intScalar, positiveAxes, rankOf, withValuesAt } from './axes.js';
import { emitterWith, type Emitter } from './emitter.js';

/** Emits the amounts for all axes of `x`, before and after, of those for some. */
function padsOfAllAxes(emitter: Emitter, x: string, pads: string, axes: string): string {
  const { emit } = emitter;
  const rank = rankOf(emit, x);
  const before = positiveAxes(emitter, x, axes);
  const places = emit('Concat', [before, emit('Add', [before, rank])], { axis: int(0) });
  const none = emit('ConstantOfShape', [emit('Add', [rank, rank])], {
    value: { type: 'tensor', value: intTensor([0]) },
  });
  return withValuesAt(emitter, none, places, pads);
}

function constantInts(graph: Graph, name: string): number[] | undefined {
  const data = graph.initializers.get(name)?.data;
  return data === undefined ? undefined : Array.from(data as ArrayLike<number | bigint>, Number);
}

/**
 * Wrapping (set 19) takes the positions of the padded line modulo the line's length, at any axis and however often they go
 * round. What is cropped is gone before.
 */
function wrapped(node: Node, graph: Graph, emitter: Emitter): readonly Node[] | undefined {
  const { emit } = emitter;
  const [input, padsName, , axesName = ''] = node.inputs as [string, string, string?, string?];
  const pads = constantInts(graph, padsName);
  const axes =
    axesName === '' ? pads?.slice(0, pads.length / 2).map((_, axis) => axis) : constantInts(graph, axesName);
  if (pads === undefined || axes === undefined) return undefined;
  const shape = emit('Shape', [input]);
  const padded = axes.reduce((value, axis, i) => {
    const [before, after] = [pads[i]!, pads[i + axes.length]!];
    if (before === 0 && after === 0) return value;
    const cropped = Math.max(-before, 0);
    const size = emit('Gather', [shape, intScalar(emitter, axis)]);
    const left = emit('Sub', [size, intScalar(emitter, cropped + Math.max(-after, 0))]);
    const end = emit('Add', [left, intScalar(emitter, Math.max(after, 0))]);
    const range = emit('Range', [intScalar(emitter, -Math.max(before, 0)), end, intScalar(emitter, 1)]);
    const places = emit('Add', [emit('Mod', [range, left]), intScalar(emitter, cropped)]);
    return emit('Gather', [value, places], { axis: int(axis) });
  }, input);
  emit('Identity', [padded], {}, node.outputs[0]);
  return emitter.nodes;
}

/** The axes became an input in 18. */
const pad: OpsetRule = (node, { builder, graph }) => {
  const emitter = emitterWith(builder);
  const mode = node.attributes['mode'];
  if (mode?.type === 'string' && mode.value === 'wrap') return wrapped(node, graph, emitter);
  const [input, pads, value = '', axes = ''] = node.inputs as [string, string, string?, string?];
  if (axes === '') return [{ ...node, inputs: trimmed([input, pads, value]) }];
  const all = padsOfAllAxes(emitter, input, pads, axes);
  return [...emitter.nodes, { ...node, inputs: trimmed([input, all, value]) }];
};

/** Constant padding that crops where an axis is too long; of an odd difference the larger half is at the end. */
const centerCropPad: OpsetRule = (node, { builder }) => {
  const emitter = emitterWith(builder);
  const { emit } = emitter;
  const [input, target] = node.inputs as [string, string];
  const axes = intsOf(node, 'axes');
  const shape = emit('Shape', [input]);
  const sizes = axes === undefined ? shape : emit('Gather', [shape, builder.ints(axes)]);
  const missing = emit('Sub', [emit('Cast', [target], { to: int(7) }), sizes]);
  // Division of integers rounds towards zero, for cropping as for padding.
  const before = emit('Div', [missing, builder.ints([2])]);
  const pads = emit('Concat', [before, emit('Sub', [missing, before])], { axis: int(0) });
  const all = axes === undefined ? pads : padsOfAllAxes(emitter, input, pads, builder.ints(axes));
  emit('Pad', [input, all], without(node.attributes, 'axes'), node.outputs[0]);
  return emitter.nodes;
};

/** How to write padding of a later operator set in 17. */
export const paddingLowerings: Readonly<Record<string, OpsetRule>> = {
  Pad: pad,
  CenterCropPad: centerCropPad,
};
