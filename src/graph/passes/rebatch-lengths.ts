import { int } from '../builder.js';
import type { Node } from '../ir.js';
import { integersOf, type RebatchContext, type RebatchRule } from './rebatch-rule.js';

/** Name of a value's length along an axis as a tensor of one element, and the nodes that compute it. */
function lengthAlong(
  value: string,
  axis: number,
  { builder }: RebatchContext,
): { name: string; nodes: Node[] } {
  const shape = builder.fresh(`${value}/shape`);
  const name = builder.fresh(`${value}/rows`);
  const made = (op: string, inputs: readonly string[], output: string): Node => ({
    ...{ name: builder.fresh(output), op, domain: '', inputs, outputs: [output], attributes: {} },
  });
  return {
    name,
    nodes: [made('Shape', [value], shape), made('Gather', [shape, builder.ints([axis])], name)],
  };
}

/** A list of lengths with that of the data's batch in one place. */
function lengthsWithBatch(
  value: string,
  axis: number,
  lengths: readonly number[],
  context: RebatchContext,
): { name: string; nodes: Node[] } {
  const { builder } = context;
  const rows = lengthAlong(value, axis, context);
  const name = builder.fresh(`${value}/lengths`);
  const parts = [
    ...(axis > 0 ? [builder.ints(lengths.slice(0, axis))] : []),
    rows.name,
    ...(axis + 1 < lengths.length ? [builder.ints(lengths.slice(axis + 1))] : []),
  ];
  const concat: Node = {
    ...{ name: builder.fresh(name), op: 'Concat', domain: '', inputs: parts, outputs: [name] },
    attributes: { axis: int(0) },
  };
  return { name, nodes: [...rows.nodes, concat] };
}

/** A constant of one row beside data (a class token) is repeated for every row. */
export const concat: RebatchRule = (node, context) => {
  const { batchAxis, dims, builder } = context;
  const data = node.inputs.find((name) => batchAxis(name) !== undefined);
  if (data === undefined) return undefined;
  const { axis, shifted } = batchAxis(data)!;
  const single = node.inputs.filter((name) => batchAxis(name) === undefined && dims(name)[axis] === 1);
  if (shifted || single.length === 0) return undefined;
  const along = node.attributes['axis'];
  const rank = dims(data).length;
  if (along?.type !== 'int' || (along.value < 0 ? along.value + rank : along.value) === axis)
    return undefined;
  const ones = dims(data).map(() => 1);
  const { name: lengths, nodes } = lengthsWithBatch(data, axis, ones, context);
  const repeated = new Map(
    single.map((name) => {
      const output = builder.fresh(`${name}/rows`);
      return [
        name,
        {
          name: builder.fresh(output),
          op: 'Expand',
          domain: '',
          inputs: [name, lengths],
          outputs: [output],
          attributes: {},
        },
      ] as const;
    }),
  );
  const inputs = node.inputs.map((name) => repeated.get(name)?.outputs[0] ?? name);
  return [...nodes, ...repeated.values(), { ...node, inputs }];
};

/** Given sizes hold the batch. */
export const resize: RebatchRule = (node, context) => {
  const data = node.inputs[0]!;
  const from = context.batchAxis(data);
  const sizes = integersOf(node, context.graph, 'sizes', 3);
  if (from === undefined || from.shifted || sizes?.length !== context.dims(data).length) return undefined;
  const { name, nodes } = lengthsWithBatch(data, from.axis, sizes, context);
  return [...nodes, { ...node, inputs: [...node.inputs.slice(0, 3), name] }];
};

/** A merged batch, of which the shape holds the length for one row, is kept by a 1 there. */
export const expand: RebatchRule = (node, { graph, builder, dims, batchAxis }) => {
  const data = node.inputs[0]!;
  const from = batchAxis(data);
  const shape = integersOf(node, graph, 'shape', 1);
  if (from === undefined || from.shifted || from.size === 1 || shape === undefined) return undefined;
  const at = from.axis + shape.length - dims(data).length;
  if (at < 0) return undefined;
  return [{ ...node, inputs: [data, builder.ints(shape.map((length, i) => (i === at ? 1 : length)))] }];
};
