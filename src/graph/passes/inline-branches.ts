import { GraphBuilder } from '../builder.js';
import type { Graph, Node } from '../ir.js';
import { renameReads } from '../rename.js';

/**
 * Puts in place of every If whose condition is an initializer the branch it takes. Exporters write such an If for what
 * depends on a dimension they took for unknown. The same graph where there is none; branches within branches are left for
 * another turn.
 */
export function inlineBranches(graph: Graph): Graph {
  if (!graph.nodes.some((node) => takenBranch(node, graph) !== undefined)) return graph;
  const builder = new GraphBuilder(graph);
  const nodes = graph.nodes.flatMap((node) => {
    const body = takenBranch(node, graph);
    return body === undefined ? [node] : inlined(node, body, builder);
  });
  return { ...builder.build(), nodes };
}

function takenBranch(node: Node, graph: Graph): Graph | undefined {
  if (node.op !== 'If' || node.domain !== '') return undefined;
  const condition = graph.initializers.get(node.inputs[0]!);
  if (condition === undefined) return undefined;
  const branch = node.attributes[condition.data[0] === 0 ? 'else_branch' : 'then_branch'];
  return branch?.type === 'graph' ? branch.value : undefined;
}

/** What the body defines gets new names: its other branch and other bodies may use the same. */
function inlined(node: Node, body: Graph, builder: GraphBuilder): Node[] {
  const initializers = [...body.initializers].map(
    ([name, tensor]) => [name, builder.initializer(`${node.name}/${name}`, tensor)] as const,
  );
  const computed = body.nodes
    .flatMap(({ outputs }) => outputs)
    .filter((name) => name !== '')
    .map((name) => [name, builder.fresh(`${node.name}/${name}`)] as const);
  const renaming = new Map([...initializers, ...computed]);
  const rename = (name: string): string => renaming.get(name) ?? name;
  const nodes = body.nodes.map((inner) => ({
    ...renameReads(inner, renaming),
    name: builder.fresh(`${node.name}/${inner.name}`),
    outputs: inner.outputs.map(rename),
  }));
  // A branch may return one value twice.
  const results = node.outputs.flatMap((output, i): Node[] =>
    output === ''
      ? []
      : [
          {
            name: builder.fresh(`${node.name}/result`),
            op: 'Identity',
            domain: '',
            inputs: [rename(body.outputs[i]!.name)],
            outputs: [output],
            attributes: {},
          },
        ],
  );
  return [...nodes, ...results];
}
