import { GraphBuilder, int } from '../builder.js';
import type { Graph } from '../ir.js';
import { dataTypes } from '../onnx/data-type.js';
import { renameReads } from '../rename.js';

/**
 * Lets the first input, of whatever floating-point type, be fed with float32: a Cast stands behind it. The new input has the
 * old one's name.
 */
export function withFloatInput(graph: Graph): Graph {
  const [input, ...others] = graph.inputs;
  if (input === undefined || input.type === 'float32') return graph;
  const builder = new GraphBuilder(graph);
  const cast = builder.add('Cast', [input.name], { to: int(dataTypes[input.type].code) });
  const { nodes } = builder.build();
  const renaming = new Map([[input.name, cast]]);
  return {
    ...graph,
    inputs: [{ ...input, type: 'float32' }, ...others],
    nodes: [nodes[nodes.length - 1]!, ...graph.nodes.map((node) => renameReads(node, renaming))],
  };
}
