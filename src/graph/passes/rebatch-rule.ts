import type { GraphBuilder } from '../builder.js';
import type { Graph, Node } from '../ir.js';
import type { BatchAxis } from './batch-axis.js';

export interface RebatchContext {
  /** The graph for a batch of 1. */
  readonly graph: Graph;
  /** Takes new initializers and names. */
  readonly builder: GraphBuilder;
  /** Shape of a value at a batch of 1. */
  readonly dims: (value: string) => readonly number[];
  /** Where examples are told apart in a value; undefined in one that does not depend on them. */
  readonly batchAxis: (value: string) => BatchAxis | undefined;
}

/**
 * How a node must be written when its data may have any number of rows; undefined where nothing in it holds the 1.
 */
export type RebatchRule = (node: Node, context: RebatchContext) => readonly Node[] | undefined;

/** A node's list of whole numbers: an attribute of that name, or the constant input; undefined when it is neither. */
export function integersOf(node: Node, graph: Graph, name: string, input: number): number[] | undefined {
  const attribute = node.attributes[name];
  if (attribute?.type === 'ints') return [...attribute.value];
  const values = graph.initializers.get(node.inputs[input] ?? '')?.data;
  return values === undefined ? undefined : Array.from(values as ArrayLike<number | bigint>, Number);
}
