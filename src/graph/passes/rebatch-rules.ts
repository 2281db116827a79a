import { intTensor } from '../../tensor/tensor.js';
import { int, ints } from '../builder.js';
import type { Node } from '../ir.js';
import { placeOf, prefix } from './batch-axis.js';
import { concat, expand, resize } from './rebatch-lengths.js';
import { integersOf, type RebatchContext, type RebatchRule } from './rebatch-rule.js';

/** For one row, "all axes from 0" and "all axes from 1" are the same block. */
const blockFromAxisOne: RebatchRule = (node, { graph, batchAxis }) => {
  const axis = node.attributes['axis'];
  const blockwise = node.op === 'Flatten' || (graph.opsets[''] ?? 0) < 13;
  if (!blockwise || axis?.type !== 'int' || axis.value !== 0) return undefined;
  if (batchAxis(node.inputs[0]!)?.axis !== 0) return undefined;
  return [{ ...node, attributes: { ...node.attributes, axis: int(1) } }];
};

const replaced = (node: Node, op: string, inputs: readonly string[]): Node => ({
  ...{ ...node, op, inputs, attributes: {} },
});

const identity = (node: Node): Node[] => [replaced(node, 'Identity', [node.inputs[0]!])];

/** Every dimension of the result but the batch is written out, which leaves the batch to be found. */
const reshape: RebatchRule = (node, { builder, dims, batchAxis }) => {
  const from = batchAxis(node.inputs[0]!);
  if (from === undefined) return undefined;
  const to = dims(node.outputs[0]!);
  const place = placeOf(from, to);
  if (place === undefined) return undefined;
  const target = to.map((dim, axis) => (axis === place ? -1 : dim));
  return [replaced(node, 'Reshape', [node.inputs[0]!, builder.initializer('target', intTensor(target))])];
};

/** The axes a Squeeze or Unsqueeze is given, of a value of that rank; undefined when they are not constant or not given. */
function axesOf(node: Node, { graph }: RebatchContext, rank: number): number[] | undefined {
  const axes = integersOf(node, graph, 'axes', 1);
  return axes?.map((axis) => (axis < 0 ? axis + rank : axis));
}

/** The node with other axes; as the operator set has it. */
function withAxes(node: Node, axes: readonly number[], { graph, builder }: RebatchContext): Node {
  if ((graph.opsets[''] ?? 0) < 13)
    return { ...node, inputs: [node.inputs[0]!], attributes: { axes: ints(axes) } };
  return { ...node, inputs: [node.inputs[0]!, builder.ints(axes)] };
}

/** A batch in front is never squeezed out, also where it is 1; one behind is merged with the axis before it. */
const squeeze: RebatchRule = (node, context) => {
  const data = node.inputs[0]!;
  const from = context.batchAxis(data);
  if (from === undefined) return undefined;
  const dims = context.dims(data);
  const ones = dims.flatMap((dim, axis) => (dim === 1 ? [axis] : []));
  const given = axesOf(node, context, dims.length);
  if (from.shifted || from.size > 1) return given === undefined ? undefined : reshape(node, context);
  const removed = given ?? ones;
  if (removed.includes(from.axis) && from.axis > 0) return reshape(node, context);
  const axes = removed.filter((axis) => axis !== from.axis);
  return axes.length === 0 ? identity(node) : [withAxes(node, axes, context)];
};

/** A batch that was merged with the axis behind it, or kept in front of all axes, is put where the 1 was to be. */
const unsqueeze: RebatchRule = (node, context) => {
  const from = context.batchAxis(node.inputs[0]!);
  return from !== undefined && (from.shifted || from.size > 1) ? reshape(node, context) : undefined;
};

/** Taking the only example is taking all. */
const gather: RebatchRule = (node, { graph, dims, batchAxis }) => {
  const from = batchAxis(node.inputs[0]!);
  const indices = graph.initializers.get(node.inputs[1]!);
  if (from === undefined || from.shifted || from.size > 1 || indices?.data.length !== 1) return undefined;
  const axis = node.attributes['axis'];
  const along = axis?.type === 'int' ? axis.value : 0;
  const rank = dims(node.inputs[0]!).length;
  if ((along < 0 ? along + rank : along) !== from.axis) return undefined;
  if (indices.dims.length > 0 || from.axis === 0) return identity(node);
  // Examples are told apart by the first axis from here on.
  const order = [from.axis, ...Array.from({ length: rank }, (_, i) => i).filter((i) => i !== from.axis)];
  return [{ ...replaced(node, 'Transpose', [node.inputs[0]!]), attributes: { perm: ints(order) } }];
};

/** Cutting the only example out is cutting nothing. */
const slice: RebatchRule = (node, { graph, builder, dims, batchAxis }) => {
  const data = node.inputs[0]!;
  const from = batchAxis(data);
  const starts = integersOf(node, graph, 'starts', 1);
  const ends = integersOf(node, graph, 'ends', 2);
  if (from === undefined || from.shifted || from.size > 1 || starts === undefined || ends === undefined)
    return undefined;
  const rank = dims(data).length;
  const axes = (integersOf(node, graph, 'axes', 3) ?? starts.map((_, i) => i)).map((axis) =>
    axis < 0 ? axis + rank : axis,
  );
  if (!axes.includes(from.axis)) return undefined;
  const steps = integersOf(node, graph, 'steps', 4) ?? starts.map(() => 1);
  const kept = axes.flatMap((axis, i) => (axis === from.axis ? [] : [i]));
  if (kept.length === 0) return identity(node);
  const [newStarts, newEnds, newAxes, newSteps] = [starts, ends, axes, steps].map((list) =>
    kept.map((i) => list[i]!),
  );
  if ((graph.opsets[''] ?? 0) < 10) {
    const attributes = { starts: ints(newStarts!), ends: ints(newEnds!), axes: ints(newAxes!) };
    return [{ ...node, attributes }];
  }
  const inputs = [newStarts, newEnds, newAxes, newSteps].map((list) => builder.ints(list!));
  return [{ ...node, inputs: [data, ...inputs] }];
};

/** Operators that may hold the 1 of a batch of one; the others take any number of rows as they are. */
export const REBATCH_RULES: Readonly<Record<string, RebatchRule>> = {
  Flatten: (node, context) =>
    blockFromAxisOne(node, context) ?? (isPlain(node, context) ? undefined : reshape(node, context)),
  Softmax: blockFromAxisOne,
  LogSoftmax: blockFromAxisOne,
  Hardmax: blockFromAxisOne,
  Reshape: (node, context) =>
    context.graph.initializers.has(node.inputs[1] ?? '') || 'shape' in node.attributes
      ? reshape(node, context)
      : undefined,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Gather: gather,
  Slice: slice,
  Concat: concat,
  Resize: resize,
  Expand: expand,
};

/** Whether the batch is a first axis of its own. */
function isPlain(node: Node, { batchAxis }: RebatchContext): boolean {
  const from = batchAxis(node.inputs[0]!);
  return from === undefined || (!from.shifted && prefix(from) === 1);
}
