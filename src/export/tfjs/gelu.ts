import type { Graph, Node } from '../../graph/ir.js';
import { prune } from '../../graph/passes/prune.js';
import { consumersOf, producersOf } from '../../graph/topology.js';

/** Relative difference by which exporters round a constant. */
const ROUNDING = 1e-3;
const isNear = (value: number, wanted: number): boolean => Math.abs(value - wanted) <= ROUNDING * wanted;

/**
 * The graph with one node Gelu where exporters write x (1 + erf(x / sqrt 2)) / 2 in several, in whatever order they multiply: layers
 * have no error function, but this one.
 */
export function withGelu(graph: Graph): Graph {
  const found = new Map<Node, Node>();
  const pattern = new Pattern(graph);
  for (const node of graph.nodes) {
    const match = node.op === 'Erf' && node.domain === '' ? pattern.around(node) : undefined;
    if (match !== undefined)
      found.set(match.last, { ...match.last, op: 'Gelu', inputs: [match.x], attributes: {} });
  }
  if (found.size === 0) return graph;
  return prune({ ...graph, nodes: graph.nodes.map((node) => found.get(node) ?? node) });
}

class Pattern {
  private readonly producers: ReadonlyMap<string, Node>;
  private readonly consumers: ReadonlyMap<string, readonly Node[]>;

  constructor(private readonly graph: Graph) {
    this.producers = producersOf(graph);
    this.consumers = consumersOf(graph);
  }

  /** What the function is of, and the node that gives its result. */
  around(erf: Node): { readonly x: string; readonly last: Node } | undefined {
    const inner = this.scaled(erf.inputs[0]!);
    const plusOne = this.onlyReader(erf);
    if (plusOne?.op !== 'Add' || !isNear(inner.factor, Math.SQRT1_2)) return undefined;
    if (!plusOne.inputs.some((name) => isNear(this.scalar(name) ?? 0, 1))) return undefined;
    const { x } = inner;
    let [factor, times] = [1, 0];
    for (
      let node = this.onlyReader(plusOne), from = plusOne;
      node?.op === 'Mul';
      node = this.onlyReader(node)
    ) {
      const other = node.inputs.find((name) => name !== from.outputs[0])!;
      const constant = this.scalar(other);
      const part = constant === undefined ? this.scaled(other) : { x, factor: constant };
      if (part.x !== x) return undefined;
      factor *= part.factor;
      if (constant === undefined) times++;
      if (times === 1 && isNear(factor, 0.5)) return { x, last: node };
      from = node;
    }
    return undefined;
  }

  /** The value as another one times a number: itself, unless it is multiplied or divided by a constant. */
  private scaled(name: string): { readonly x: string; readonly factor: number } {
    const node = this.producers.get(name);
    if (node?.op === 'Div') {
      const divisor = this.scalar(node.inputs[1]!);
      return divisor === undefined ? { x: name, factor: 1 } : { x: node.inputs[0]!, factor: 1 / divisor };
    }
    const at = node?.op === 'Mul' ? node.inputs.findIndex((input) => this.scalar(input) !== undefined) : -1;
    if (node === undefined || at < 0) return { x: name, factor: 1 };
    return { x: node.inputs[1 - at]!, factor: this.scalar(node.inputs[at]!)! };
  }

  private scalar(name: string): number | undefined {
    const tensor = this.graph.initializers.get(name);
    return tensor?.type === 'float32' && tensor.data.length === 1 ? Number(tensor.data[0]) : undefined;
  }

  private onlyReader({ outputs: [name] }: Node): Node | undefined {
    const readers = this.consumers.get(name!);
    const isOutput = this.graph.outputs.some((output) => output.name === name);
    return readers?.length === 1 && !isOutput ? readers[0] : undefined;
  }
}
