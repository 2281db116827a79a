import type { Attribute, Graph, Node } from './ir.js';

/** Names to replace; a name that is not a key stays. */
export type Renaming = ReadonlyMap<string, string>;

/** The node reading other values, in its control-flow bodies too; its outputs keep their names. */
export function renameReads(node: Node, renaming: Renaming): Node {
  const attributes: Record<string, Attribute> = { ...node.attributes };
  for (const [name, attribute] of Object.entries(attributes))
    if (attribute.type === 'graph')
      attributes[name] = { type: 'graph', value: renameCaptures(attribute.value, renaming) };
  return { ...node, inputs: node.inputs.map((name) => renaming.get(name) ?? name), attributes };
}

/** ONNX forbids a body to define a name that its surroundings use, so every occurrence in it is a capture. */
function renameCaptures(body: Graph, renaming: Renaming): Graph {
  return { ...body, nodes: body.nodes.map((node) => renameReads(node, renaming)) };
}
