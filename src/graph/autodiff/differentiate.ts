import type { Graph, Node, Shapes } from '../ir.js';
import { backpropagate, type Differentiated, type DifferentiateRequest } from './backpropagate.js';
import { GradientBlocked, operatorOf } from './blocked.js';

/**
 * Reverse-mode differentiation as a graph transformation: the vector-Jacobian product of the values with a
 * cotangent, with respect to the values asked for.
 *
 * Only nodes on a path from a `withRespectTo` value to a value with a cotangent are visited. Shapes, comparisons and
 * logical operators end a path: they are constant almost everywhere. A value with no path gets a gradient of zeros, unless
 * comparisons are all that stands in the way: a gradient of zeros would then hide that the value matters.
 * The emitted nodes work at every batch size, whatever the two at which `shapes` was found. An initializer in
 * `withRespectTo` is not treated as constant, so it may be turned into an input afterwards.
 *
 * @param graph operator set 17; left unchanged
 * @throws GauntletError GRADIENT_BLOCKED for an operator on a path that has no rule, or not for this use of it, or that is the
 *   comparison in the way; it says whether straight-through gradients would pass
 */
export function differentiate(graph: Graph, shapes: Shapes, request: DifferentiateRequest): Differentiated {
  return backpropagate(graph, shapes, request, ({ node, reason }) => {
    const canPass =
      request.straightThrough !== true &&
      blockersOf(graph, shapes, { ...request, straightThrough: true }).length === 0;
    throw new GradientBlocked(node, reason, canPass ? STRAIGHT_THROUGH_HELPS : BLACK_BOX_HELPS);
  });
}

const BLACK_BOX_HELPS = ' Attacks that need no gradient run as they are.';
const STRAIGHT_THROUGH_HELPS = ` Straight-through gradients would pass (--straight-through).${BLACK_BOX_HELPS}`;

/** A node that no gradient can pass. */
export interface Blocker {
  /** Its operator, with the domain unless that is the standard one. */
  readonly operator: string;
  /** Its name. */
  readonly node: string;
  /** Half a sentence. */
  readonly reason: string;
  /** Whether a straight-through gradient would pass this node (others may still block it). */
  readonly straightThroughPossible: boolean;
}

/**
 * All that blocks the gradient between two values, in graph order; empty when `differentiate` would go through.
 * @param graph operator set 17
 */
export function findBlockers(
  graph: Graph,
  shapes: Shapes,
  ask: { readonly from: string; readonly to: string; readonly straightThrough?: boolean },
): Blocker[] {
  // A value is a cotangent of its own shape.
  const request = { cotangents: { [ask.to]: ask.to }, withRespectTo: [ask.from] };
  const whatever = blockersOf(graph, shapes, { ...request, straightThrough: true });
  const found = ask.straightThrough === true ? whatever : blockersOf(graph, shapes, request);
  return found.map(({ node, reason }) => ({
    operator: operatorOf(node),
    node: node.name,
    reason,
    straightThroughPossible: !whatever.some((other) => other.node === node),
  }));
}

function blockersOf(graph: Graph, shapes: Shapes, request: DifferentiateRequest): GradientBlocked[] {
  const found = new Map<Node, GradientBlocked>();
  backpropagate(graph, shapes, request, (blocker) => {
    if (!found.has(blocker.node)) found.set(blocker.node, blocker);
  });
  return graph.nodes.flatMap((node) => found.get(node) ?? []);
}
