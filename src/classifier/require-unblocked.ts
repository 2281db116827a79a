import { OWN_DOMAIN, PASSED_STRAIGHT_THROUGH } from '../engine/own-gradient.js';
import { GauntletError } from '../errors.js';
import { findBlockers } from '../graph/autodiff/differentiate.js';
import type { Graph, Shapes } from '../graph/ir.js';

/**
 * Refuses a graph whose gradient would be nothing but zeros because of operators that are constant almost everywhere: which these
 * are is the same for every engine, whether or not its own differentiation would stop there.
 * @param graph operator set 17
 * @throws GauntletError GRADIENT_BLOCKED
 */
export function requireUnblocked(
  graph: Graph,
  shapes: Shapes,
  {
    straightThrough,
    ...ask
  }: { readonly from: string; readonly to: string; readonly straightThrough: boolean },
): void {
  // A model that the engine runs as it is has no operators that could be looked at.
  const found = findBlockers(graph, shapes, ask).filter(
    ({ operator }) => !operator.startsWith(`${OWN_DOMAIN}.`),
  );
  const blockers = straightThrough
    ? found.filter(({ operator }) => !PASSED_STRAIGHT_THROUGH.has(operator))
    : found;
  const [first] = blockers;
  if (first === undefined) return;
  const { operator, node, reason, straightThroughPossible } = first;
  const help =
    straightThroughPossible && !straightThrough
      ? ' Straight-through gradients may pass (--straight-through), on the native engine at least.'
      : '';
  throw new GauntletError(
    'GRADIENT_BLOCKED',
    `The gradient cannot pass through operator ${operator} (node "${node}"): ${reason}.${help} Attacks that need no gradient run as they are.`,
  );
}
