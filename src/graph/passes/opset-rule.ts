import type { GraphBuilder } from '../builder.js';
import type { Attribute, Graph, Node } from '../ir.js';

export interface OpsetContext {
  /** Gives names and takes initializers; the rule returns its nodes itself. */
  readonly builder: GraphBuilder;
  /** The operator set the graph comes from. */
  readonly version: number;
  readonly graph: Graph;
  /** Ranks of the values for which the file tells it. */
  readonly ranks: ReadonlyMap<string, number>;
}

/** Nodes with the meaning the node had in its operator set; undefined when there are none. */
export type OpsetRule = (node: Node, context: OpsetContext) => readonly Node[] | undefined;

/** The attributes without those named. */
export function without(
  attributes: Node['attributes'],
  ...names: readonly string[]
): Record<string, Attribute> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name)));
}

export function intOf(node: Node, name: string, otherwise: number): number {
  const attribute = node.attributes[name];
  return attribute?.type === 'int' ? attribute.value : otherwise;
}

export function intsOf(node: Node, name: string): readonly number[] | undefined {
  const attribute = node.attributes[name];
  return attribute?.type === 'ints' ? attribute.value : undefined;
}

export function floatOf(node: Node, name: string): number | undefined {
  const attribute = node.attributes[name];
  return attribute?.type === 'float' ? attribute.value : undefined;
}

/** A node made by a rule, named after what it does. */
export function made(
  builder: GraphBuilder,
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: Node['attributes'] = {},
): Node {
  return { name: builder.fresh(op), op, domain: '', inputs, outputs: [output], attributes };
}
