import type { Graph, Node, Shapes } from '../ir.js';
import { operators } from '../operators.js';
import { dependenciesOf } from '../topology.js';
import { isStandard } from './blocked.js';

const cutsThatRead = (what: 'shape' | 'truth'): ReadonlySet<string> =>
  new Set(
    [...operators].flatMap(([op, decision]) =>
      decision.gradient === 'cut' && decision.reads === what ? [op] : [],
    ),
  );

/** Operators that look at the shape of their input, or at integers alone: no value of interest reaches their result. */
const SHAPE_READERS = cutsThatRead('shape');

/** Operators whose result depends on values but is constant almost everywhere, as a truth value must be. */
export const COMPARISONS = cutsThatRead('truth');

const FLOATS: ReadonlySet<string> = new Set(['float16', 'float32', 'float64']);

/** Operators of several outputs whose integers carry what a gradient is wanted of; those of others are indices. */
const QUANTIZERS: ReadonlySet<string> = new Set(['DynamicQuantizeLinear']);

export interface Activity {
  /** Values that depend on a value of interest: floats, and integers of nodes that have no float output. */
  readonly active: ReadonlySet<string>;
  /** The nodes through which a value of interest influences a value that has a cotangent, in graph order. */
  readonly path: readonly Node[];
}

/**
 * Finds the part of a graph that reverse mode must visit. A path ends at shapes and at comparisons.
 * @param sources values whose gradient is wanted
 * @param targets values that have a cotangent
 * @param through comparisons that do not end a path; none by default
 */
export function findActivity(
  graph: Graph,
  shapes: Shapes,
  sources: readonly string[],
  targets: readonly string[],
  through: ReadonlySet<string> = new Set(),
): Activity {
  const isCut = (node: Node): boolean =>
    isStandard(node) && (SHAPE_READERS.has(node.op) || (COMPARISONS.has(node.op) && !through.has(node.op)));
  const reached = new Set(sources);
  for (const node of graph.nodes) {
    if (isCut(node) || !dependenciesOf(node).some((name) => reached.has(name))) continue;
    const floats = node.outputs.filter((name) => isFloat(name, shapes));
    // A node without any float output stays on the path, so that it is reported rather than ignored.
    const carrying = floats.length > 0 && !QUANTIZERS.has(node.op) ? floats : node.outputs;
    for (const name of carrying) if (name !== '') reached.add(name);
  }
  const useful = new Set(targets);
  const path: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => useful.has(name))) continue;
    for (const name of dependenciesOf(node)) useful.add(name);
    if (!isCut(node) && node.outputs.some((name) => reached.has(name) && useful.has(name))) path.push(node);
  }
  return { active: reached, path: path.reverse() };
}

/** Whether the node has an output that a gradient could arrive at. */
export function hasFloatOutput(node: Node, shapes: Shapes): boolean {
  return node.outputs.some((name) => name !== '' && isFloat(name, shapes));
}

/** Whether the value is of a float type; one of unknown type is taken for a float. */
export const isFloat = (value: string, shapes: Shapes): boolean =>
  FLOATS.has(shapes.get(value)?.type ?? 'float32');
