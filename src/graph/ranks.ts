import type { Graph, Node } from './ir.js';

type RankRule = (node: Node, ranks: ReadonlyMap<string, number>, graph: Graph) => number | undefined;

const ofFirst: RankRule = (node, ranks) => ranks.get(node.inputs[0]!);

const largest: RankRule = (node, ranks) => {
  const known = node.inputs.map((name) => ranks.get(name));
  return known.every((rank) => rank !== undefined) ? Math.max(...known) : undefined;
};

const same = (rule: RankRule, ...ops: readonly string[]): Record<string, RankRule> =>
  Object.fromEntries(ops.map((op) => [op, rule]));

const RULES: Readonly<Record<string, RankRule>> = {
  ...same(() => 2, 'Gemm', 'Flatten'),
  ...same(largest, 'Add', 'Sub', 'Mul', 'Div', 'Pow', 'Sum', 'Max', 'Min', 'Mean', 'Where'),
  ...same(ofFirst, 'Conv', 'ConvTranspose', 'MaxPool', 'AveragePool', 'GlobalAveragePool', 'GlobalMaxPool'),
  ...same(
    ofFirst,
    'Relu',
    'LeakyRelu',
    'Elu',
    'Sigmoid',
    'Tanh',
    'Clip',
    'Exp',
    'Log',
    'Sqrt',
    'Neg',
    'Abs',
    'Sign',
  ),
  ...same(ofFirst, 'Identity', 'Dropout', 'BatchNormalization', 'LRN', 'Softmax', 'LogSoftmax', 'Hardmax'),
  ...same(ofFirst, 'Transpose', 'Concat', 'Pad', 'Slice', 'Split', 'Cast'),
  Reshape: (node, _ranks, graph) => graph.initializers.get(node.inputs[1] ?? '')?.data.length,
  MatMul: (node, ranks, graph) => {
    const rank = largest(node, ranks, graph);
    const hasVector = node.inputs.some((name) => ranks.get(name) === 1);
    return hasVector ? undefined : rank;
  },
};

/** Ranks of the values for which they follow from the graph's declared inputs, outputs and constants alone. */
export function ranksOf(graph: Graph): Map<string, number> {
  const ranks = new Map<string, number>();
  for (const [name, { dims }] of graph.initializers) ranks.set(name, dims.length);
  for (const { name, dims, undeclared } of [...graph.inputs, ...graph.outputs])
    if (undeclared === undefined) ranks.set(name, dims.length);
  for (const node of graph.nodes) {
    const rank = node.domain === '' ? RULES[node.op]?.(node, ranks, graph) : undefined;
    if (rank !== undefined) for (const output of node.outputs) ranks.set(output, rank);
  }
  return ranks;
}
