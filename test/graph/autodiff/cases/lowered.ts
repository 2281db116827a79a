import { float, GraphBuilder, int, ints, type Attributes } from '../../../../src/graph/builder.js';
import { BATCH, type Dimension, type Graph } from '../../../../src/graph/ir.js';
import { upgradeOpset } from '../../../../src/graph/passes/upgrade-opset.js';
import type { TestFunction } from '../test-function.js';

export interface LaterOperator {
  readonly opset: number;
  readonly op: string;
  readonly inputs: Readonly<Record<string, readonly Dimension[]>>;
  readonly attributes: Attributes;
}

/** A function of one operator of a later set, as it is written in operator set 17. */
export function lowered({ opset, op, inputs, attributes }: LaterOperator): TestFunction {
  const specs = Object.entries(inputs).map(([name, dims]) => [name, { dims }] as const);
  const later = new GraphBuilder({ name: op, opsets: { '': opset } });
  for (const [name, { dims }] of specs) later.input(name, 'float32', dims);
  later.addNamed(op, Object.keys(inputs), 'y', attributes);
  later.output('y', 'float32', inputs['x']!);
  const graph = upgradeOpset(later.build());
  return {
    name: `${op} of set ${opset}, ${JSON.stringify(Object.values(attributes).map(({ value }) => value))}`,
    inputs: Object.fromEntries(specs),
    build: (builder) => append(builder, graph),
  };
}

/** Adds the nodes of a graph whose inputs have names in the builder, and returns its output. */
function append(builder: GraphBuilder, graph: Graph): string {
  const names = new Map<string, string>();
  for (const [name, tensor] of graph.initializers) names.set(name, builder.initializer(name, tensor));
  for (const { op, inputs, outputs, attributes } of graph.nodes) {
    const renamed = inputs.map((name) => names.get(name) ?? name);
    const added = builder.addMany(op, renamed, outputs.length, attributes);
    outputs.forEach((name, i) => names.set(name, added[i]!));
  }
  return names.get(graph.outputs[0]!.name)!;
}

const image: readonly Dimension[] = [BATCH, 2, 5, 6];
const channels = { x: [BATCH, 4, 2, 3], scale: [4], bias: [4] };
const holes = { kernel_shape: ints([2, 3]), dilations: ints([2, 1]), pads: ints([1, 0, 0, 1]) };
const rounded = { kernel_shape: ints([3, 2]), strides: ints([2, 2]), ceil_mode: int(1) };

export const loweredCases: readonly TestFunction[] = [
  {
    opset: 18,
    op: 'GroupNormalization',
    inputs: { ...channels, scale: [2], bias: [2] },
    attributes: { num_groups: int(2) },
  },
  {
    opset: 21,
    op: 'GroupNormalization',
    inputs: channels,
    attributes: { num_groups: int(2), epsilon: float(0.2) },
  },
  { opset: 23, op: 'RMSNormalization', inputs: { x: [BATCH, 3, 5], scale: [5] }, attributes: {} },
  {
    opset: 23,
    op: 'RMSNormalization',
    inputs: { x: [BATCH, 3, 5], scale: [3, 5] },
    attributes: { axis: int(1) },
  },
  ...[1, 2, 3].map((p) => ({
    opset: 18,
    op: 'LpPool',
    inputs: { x: image },
    attributes: { ...holes, p: int(p) },
  })),
  { opset: 18, op: 'LpPool', inputs: { x: image }, attributes: rounded },
  { opset: 19, op: 'AveragePool', inputs: { x: image }, attributes: holes },
  { opset: 19, op: 'AveragePool', inputs: { x: image }, attributes: { ...holes, count_include_pad: int(1) } },
].map(lowered);
