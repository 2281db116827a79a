import type { Graph, Node, Shapes } from '../ir.js';
import { dependenciesOf } from '../topology.js';
import { isStandard } from './blocked.js';

/**
 * Operators that look at values of their input without being a function a gradient could follow: shapes, and
 * comparisons, whose outcome is constant almost everywhere. A path through one of them ends there.
 */
const CUTS: ReadonlySet<string> = new Set([
  ...['Shape', 'Size', 'ConstantOfShape', 'EyeLike'],
  ...['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'IsNaN', 'IsInf'],
  ...['Not', 'And', 'Or', 'Xor'],
]);

const FLOATS: ReadonlySet<string> = new Set(['float16', 'float32', 'float64']);

export interface Activity {
  /** Float values that depend on a value of interest. */
  readonly active: ReadonlySet<string>;
  /** The nodes through which a value of interest influences a value that has a cotangent, in graph order. */
  readonly path: readonly Node[];
}

/**
 * Finds the part of a graph that reverse mode must visit.
 * @param sources values whose gradient is wanted
 * @param targets values that have a cotangent
 */
export function findActivity(
  graph: Graph,
  shapes: Shapes,
  sources: readonly string[],
  targets: readonly string[],
): Activity {
  const reached = new Set(sources);
  for (const node of graph.nodes) {
    if (isCut(node) || !dependenciesOf(node).some((name) => reached.has(name))) continue;
    const floats = node.outputs.filter((name) => FLOATS.has(shapes.get(name)?.type ?? 'float32'));
    // A node without any float output stays on the path, so that it is reported rather than ignored.
    for (const name of floats.length > 0 ? floats : node.outputs) if (name !== '') reached.add(name);
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
  return node.outputs.some((name) => name !== '' && FLOATS.has(shapes.get(name)?.type ?? 'float32'));
}

const isCut = (node: Node): boolean => isStandard(node) && CUTS.has(node.op);
