import type { Attributes, GraphBuilder } from '../../builder.js';
import type { Node } from '../../ir.js';
import { made } from '../opset-rule.js';

/** Collects the nodes of a lowering. */
export interface Emitter {
  readonly builder: GraphBuilder;
  readonly nodes: readonly Node[];
  /** Adds a node and returns its output: `output` if given, else one with a name of its own. */
  readonly emit: (op: string, inputs: readonly string[], attributes?: Attributes, output?: string) => string;
}

export function emitterWith(builder: GraphBuilder): Emitter {
  const nodes: Node[] = [];
  const emit: Emitter['emit'] = (op, inputs, attributes = {}, output = builder.fresh(op.toLowerCase())) => {
    nodes.push(made(builder, op, inputs, output, attributes));
    return output;
  };
  return { builder, nodes, emit };
}
