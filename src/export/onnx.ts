import { GauntletError } from '../errors.js';
import { BATCH, type Graph } from '../graph/ir.js';
import { writeOnnx } from '../graph/onnx/write.js';
import { renameReads } from '../graph/rename.js';
import type { LoadedModel } from '../models/load.js';

/** Most bytes of tensors in one file: protobuf messages end at 2 GiB. */
const LARGEST = 2 ** 31 - 2 ** 24;

/**
 * The model as one ONNX file: input `input`, outputs `logits` and, if it has them, `features`, batch open, preprocessing inside.
 * @param graph as `cleaned` gives it
 * @throws GauntletError EXPORT_UNSUPPORTED for a model that is too large for one file.
 */
export function onnxBytes(graph: Graph, { id, logits, features }: LoadedModel): Uint8Array {
  const size = [...graph.initializers.values()].reduce((total, { data }) => total + data.byteLength, 0);
  if (size > LARGEST)
    throw new GauntletError(
      'EXPORT_UNSUPPORTED',
      `${id} has ${size} bytes of weights, one ONNX file holds ${LARGEST}`,
    );
  const input = graph.inputs[0]!.name;
  const wanted = new Map([
    [input, 'input'],
    ...(features === undefined ? [] : [[features, 'features'] as const]),
    [logits, 'logits'],
  ]);
  return writeOnnx({ ...withNames(graph, wanted), name: id });
}

/** The graph with other names for values; a value that has such a name already gets another in turn. */
function withNames(graph: Graph, wanted: ReadonlyMap<string, string>): Graph {
  const taken = new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.initializers.keys(),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ]);
  const renaming = new Map(wanted);
  for (const name of new Set(wanted.values())) {
    if (!taken.has(name) || wanted.has(name)) continue;
    let other = `${name}_`;
    while (taken.has(other)) other += '_';
    taken.add(other);
    renaming.set(name, other);
  }
  const renamed = (name: string): string => renaming.get(name) ?? name;
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({
      ...renameReads(node, renaming),
      outputs: node.outputs.map(renamed),
    })),
    initializers: new Map([...graph.initializers].map(([name, tensor]) => [renamed(name), tensor])),
    inputs: graph.inputs.map((value) => ({ ...value, name: renamed(value.name) })),
    outputs: graph.outputs.map(({ name, dims, ...rest }) => ({
      ...{ ...rest, name: renamed(name) },
      dims: [BATCH, ...dims.slice(1)],
    })),
  };
}
