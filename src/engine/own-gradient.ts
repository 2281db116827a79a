import type { GraphBuilder } from '../graph/builder.js';
import { int } from '../graph/builder.js';
import type { Graph, Node } from '../graph/ir.js';

/** Domain of operators that only engines of Gauntlet know. */
export const OWN_DOMAIN = 'gauntlet';

const GRADIENT = 'Gradient';

/** Operators whose result such an engine's straight-through gradients pass on to what was rounded. */
export const PASSED_STRAIGHT_THROUGH: ReadonlySet<string> = new Set(['Round', 'Floor', 'Ceil', 'Sign']);

/**
 * Adds a node that stands for the gradient of `value`, weighted by `cotangent`, with respect to `input`: an engine that
 * differentiates by itself computes it in its own way. The whole graph lies between `input` and the node.
 * @returns name of the gradient, which is shaped like the input
 */
export function addOwnGradient(
  builder: GraphBuilder,
  { value, cotangent, input, straightThrough }: OwnGradient,
): string {
  const attributes = { straight_through: int(straightThrough ? 1 : 0) };
  return builder.add(GRADIENT, [value, cotangent, input], attributes, OWN_DOMAIN);
}

/** What a gradient is of. */
export interface OwnGradient {
  readonly value: string;
  readonly cotangent: string;
  readonly input: string;
  /** Whether operators that round pass it as if they did not. */
  readonly straightThrough: boolean;
}

/** The gradient a graph asks for, with the node that stands for it; undefined where it asks for none. */
export function ownGradientOf(graph: Graph): (OwnGradient & { readonly node: Node }) | undefined {
  const node = graph.nodes.find(({ op, domain }) => domain === OWN_DOMAIN && op === GRADIENT);
  if (node === undefined) return undefined;
  const [value, cotangent, input] = node.inputs as [string, string, string];
  const mode = node.attributes['straight_through'];
  return { node, value, cotangent, input, straightThrough: mode?.type === 'int' && mode.value === 1 };
}
