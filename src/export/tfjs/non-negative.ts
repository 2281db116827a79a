import type { Graph, Node } from '../../graph/ir.js';

/** Operators whose result is never below 0. */
const NON_NEGATIVE: ReadonlySet<string> = new Set('Abs HardSigmoid Relu Sigmoid Softmax Softplus'.split(' '));

/** Operators that make nothing negative of what is not; padding with other numbers than 0 is refused before. */
const KEEPING: ReadonlySet<string> = new Set(
  'AveragePool Flatten GlobalAveragePool GlobalMaxPool MaxPool Pad Reshape Transpose'.split(' '),
);

/** Operators that make nothing negative of several values that are not. */
const COMBINING: ReadonlySet<string> = new Set('Add Concat Mul Sum'.split(' '));

/** Whether no element of a value can be below 0, as far as the operators before it tell. */
export function isNonNegative(value: string, graph: Graph, producer: ReadonlyMap<string, Node>): boolean {
  const seen = new Set([value]);
  // A set grows while it is walked through.
  for (const name of seen) {
    const constant = graph.initializers.get(name);
    const node = producer.get(name);
    if (constant !== undefined) {
      const elements = Array.from(constant.data as ArrayLike<number | bigint>);
      if (!elements.every((element) => element >= 0)) return false;
    } else if (node?.op === 'Clip') {
      seen.add(node.inputs[1] ?? '');
    } else if (node !== undefined && KEEPING.has(node.op)) {
      seen.add(node.inputs[0]!);
    } else if (node !== undefined && COMBINING.has(node.op)) {
      for (const input of node.inputs) seen.add(input);
    } else if (node === undefined || !NON_NEGATIVE.has(node.op)) {
      return false;
    }
  }
  return true;
}
