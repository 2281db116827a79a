import { int } from '../../builder.js';
import { intOf, without, type OpsetRule } from '../opset-rule.js';
import { emitterWith } from './emitter.js';

const scatter: OpsetRule = (node) => {
  const reduction = node.attributes['reduction'];
  return reduction?.type === 'string' && ['max', 'min'].includes(reduction.value) ? undefined : [node];
};

/** A number of parts, of which the last may be smaller, as their sizes; 17 knows equal parts only. */
const split: OpsetRule = (node, { builder }) => {
  if (!('num_outputs' in node.attributes)) return [node];
  const { emit, nodes } = emitterWith(builder);
  const count = intOf(node, 'num_outputs', node.outputs.length);
  const input = node.inputs[0]!;
  const length = emit('Gather', [emit('Shape', [input]), builder.ints([intOf(node, 'axis', 0)])]);
  const part = emit('Div', [emit('Add', [length, builder.ints([count - 1])]), builder.ints([count])]);
  const others = Array.from({ length: count - 1 }, () => part);
  const rest = emit('Sub', [length, emit('Mul', [part, builder.ints([count - 1])])]);
  const sizes = emit('Concat', [...others, rest], { axis: int(0) });
  return [...nodes, { ...node, inputs: [input, sizes], attributes: without(node.attributes, 'num_outputs') }];
};

/** How to write in 17 an operator of a later set that moves elements. */
export const movementLowerings: Readonly<Record<string, OpsetRule>> = {
  Split: split,
  ScatterElements: scatter,
  ScatterND: scatter,
};
