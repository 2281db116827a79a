import { operatorOf } from '../graph/autodiff/blocked.js';
import type { Graph, Node, ValueInfo } from '../graph/ir.js';
import { operators, type OperatorDecision } from '../graph/operators.js';
import type { Inspection } from '../results/schema/inspection.js';
import type { DataType } from '../tensor/tensor.js';

type FileInspection = Inspection['file'];
type OperatorInspection = FileInspection['operators'][number];

/** What is in a file, whether it is a classifier or not. Constants count as parameters where they hold floats. */
export function inspectFile(graph: Graph, format: FileInspection['format']): FileInspection {
  const nodes = allNodes(graph);
  return {
    format,
    opsets: { ...graph.opsets },
    nodes: nodes.length,
    operators: operatorsOf(nodes),
    parameters: parametersOf(graph),
    inputs: graph.inputs.map(valueOf),
    outputs: graph.outputs.map(valueOf),
  };
}

/** Nodes of the graph and of its control-flow bodies. */
function allNodes(graph: Graph): Node[] {
  return graph.nodes.flatMap((node) => [
    node,
    ...Object.values(node.attributes).flatMap((attribute) =>
      attribute.type === 'graph' ? allNodes(attribute.value) : [],
    ),
  ]);
}

/** The most frequent first. */
function operatorsOf(nodes: readonly Node[]): OperatorInspection[] {
  const counts = new Map<string, number>();
  for (const node of nodes) counts.set(operatorOf(node), (counts.get(operatorOf(node)) ?? 0) + 1);
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([operator, count]) => ({ operator, count, ...decisionOn(operator) }));
}

function decisionOn(operator: string): Pick<OperatorInspection, 'gradient' | 'note'> {
  const decision = operators.get(operator);
  if (decision === undefined)
    return { gradient: 'unknown', note: 'Not an operator of the standard domain; no gradient passes it.' };
  return { gradient: decision.gradient, note: noteOf(decision) };
}

function noteOf(decision: OperatorDecision): string {
  switch (decision.gradient) {
    case 'rule':
      return decision.note ?? '';
    case 'lowered':
      return `Rewritten into ${decision.into}.`;
    case 'cut':
      return decision.reads === 'shape' ? 'It reads a shape.' : 'A truth value, constant almost everywhere.';
    case 'folded':
      return 'Replaced by its result.';
    case 'random':
      return decision.note;
    case 'straight-through':
      return 'Passes with --straight-through.';
    case 'blocked':
      return decision.why;
  }
}

const PARAMETER_TYPES: ReadonlySet<DataType> = new Set(['float32', 'float16', 'float64', 'int8', 'uint8']);

function parametersOf(graph: Graph): FileInspection['parameters'] {
  const tensors = [...graph.initializers.values()].filter(({ type }) => PARAMETER_TYPES.has(type));
  return {
    tensors: tensors.length,
    count: tensors.reduce((total, { data }) => total + data.length, 0),
    bytes: tensors.reduce((total, { data }) => total + data.byteLength, 0),
  };
}

function valueOf({ name, type, dims, undeclared }: ValueInfo): FileInspection['inputs'][number] {
  return {
    name,
    type: undeclared === 'type and shape' ? null : type,
    shape: undeclared === undefined ? [...dims] : null,
  };
}
