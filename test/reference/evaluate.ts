import type { Graph } from '../../src/graph/ir.js';
import { activations } from './activation.js';
import { convolutions } from './convolution.js';
import { elementwise } from './elementwise.js';
import { linear } from './linear.js';
import { movements } from './movement.js';
import { normalizations } from './normalization.js';
import { poolings } from './pooling.js';
import { reductions } from './reduction.js';
import type { Operator, RefTensor } from './tensor.js';

/** The operators the interpreter knows, by their ONNX name (operator set 17). */
export const operators: Readonly<Record<string, Operator>> = {
  ...activations,
  ...convolutions,
  ...elementwise,
  ...linear,
  ...movements,
  ...normalizations,
  ...poolings,
  ...reductions,
};

/**
 * Evaluates a graph in float64, node by node, with plain loops. It is the independent witness of everything derived
 * from graphs: it shares no code with `src/`, and is only as fast as small tests need.
 * @param feeds values of the graph's inputs; may also replace initializers
 * @returns every value of the graph, by name
 */
export function evaluateReference(
  graph: Graph,
  feeds: Readonly<Record<string, RefTensor>>,
): Map<string, RefTensor> {
  const values = new Map<string, RefTensor>();
  for (const [name, { dims, data }] of graph.initializers) {
    values.set(name, { dims, data: Float64Array.from(data as ArrayLike<number | bigint>, Number) });
  }
  for (const [name, tensor] of Object.entries(feeds)) values.set(name, tensor);
  for (const node of graph.nodes) {
    const operator = operators[node.op];
    if (operator === undefined)
      throw new Error(`the reference interpreter does not know ${node.op} ("${node.name}")`);
    const inputs = node.inputs.map((name) => (name === '' ? undefined : valueOf(values, name)));
    operator(inputs, node).forEach((output, i) => {
      const name = node.outputs[i] ?? '';
      if (name !== '') values.set(name, output);
    });
  }
  return values;
}

function valueOf(values: ReadonlyMap<string, RefTensor>, name: string): RefTensor {
  const value = values.get(name);
  if (value === undefined) throw new Error(`value "${name}" is read before it is computed`);
  return value;
}
