import { GauntletError } from '../../errors.js';
import { floatTensor, intTensor, type Tensor } from '../../tensor/tensor.js';
import type { Attribute, Graph, Node, ValueInfo } from '../ir.js';
import { trimmed } from '../trimmed.js';
import { sortTopologically } from '../topology.js';
import { decodeAttribute, type AttributeReading } from './attribute-proto.js';
import { bytesSource, type ByteSource, type ExternalFiles } from './byte-source.js';
import { noExternalFiles, withOwnFile } from './external-data.js';
import type { GraphProto, ModelProto, NodeProto } from './generated/onnx_pb.js';
import { inlineFunctions } from './inline-functions.js';
import { readModel } from './model-proto.js';
import { decodeTensor } from './tensor-proto.js';
import { decodeInput, decodeOutput } from './value-info-proto.js';
import { requireFinite } from './weights.js';

/**
 * Reads an ONNX file. Constant nodes become initializers, initializers that the file also lists as inputs are inputs
 * no more, the model's own functions are inlined, and nodes come out in topological order. Tensors may be views of the
 * source's bytes, which must then stay unchanged.
 *
 * @param source the file's bytes, or a way to read them piece by piece; then large tensors are read one by one.
 * @param name what to call the file in messages (its path).
 * @param files where tensors stored outside the model are read from.
 * @throws GauntletError MODEL_UNREADABLE when the bytes are empty, truncated or not ONNX; MODEL_WEIGHTS when a weight
 *   is not finite; MODEL_INVALID for ONNX that is well-formed but outside what Gauntlet handles; what `files` throws.
 */
export function readOnnx(
  source: Uint8Array | ByteSource,
  name: string,
  files: ExternalFiles = noExternalFiles,
): Graph {
  const bytes = source instanceof Uint8Array ? bytesSource(source) : source;
  const model = readModel(bytes, name);
  const proto = inlineFunctions(model);
  const reading = { opsets: opsetsOf(model, proto), files: withOwnFile(bytes, files) };
  const weights = decodeInitializers(proto, reading);
  for (const [tensor, value] of weights) requireFinite(tensor, value, name);
  return decodeGraph(proto, weights, reading, new Set());
}

interface Reading {
  readonly opsets: Graph['opsets'];
  readonly files: ExternalFiles;
}

/** Versions per domain; a domain that only the inlined functions were of is left out. */
function opsetsOf({ opsetImport, functions }: ModelProto, graph: GraphProto): Graph['opsets'] {
  const used = new Set(['', ...graph.node.map(({ domain }) => domain)]);
  const inlined = new Set(functions.map(({ domain }) => domain));
  return Object.fromEntries(
    opsetImport
      .filter(({ domain }) => used.has(domain) || !inlined.has(domain))
      .map(({ domain, version }) => [standardName(domain), Number(version)]),
  );
}

const standardName = (domain: string): string => (domain === 'ai.onnx' ? '' : domain);

function decodeInitializers(proto: GraphProto, { files }: Reading): Map<string, Tensor> {
  if (proto.sparseInitializer.length > 0)
    throw new GauntletError(
      'MODEL_INVALID',
      `graph "${proto.name}" holds sparse weights, which are not handled`,
      { help: 'Export the model with dense weights.' },
    );
  return new Map(proto.initializer.map((tensor) => [tensor.name, decodeTensor(tensor, tensor.name, files)]));
}

function decodeGraph(
  proto: GraphProto,
  weights: ReadonlyMap<string, Tensor>,
  reading: Reading,
  outer: ReadonlySet<string>,
): Graph {
  const initializers = new Map(weights);
  const inputs = proto.input.filter((input) => !initializers.has(input.name)).map(decodeInput);
  const outputs = proto.output.map(decodeOutput);

  const visible = new Set([...outer, ...initializers.keys(), ...inputs.map((input) => input.name)]);
  for (const node of proto.node) for (const output of node.output) visible.add(output);
  const attributes: AttributeReading = {
    files: reading.files,
    graph: (body) => decodeGraph(body, decodeInitializers(body, reading), reading, visible),
  };

  const nodes: Node[] = [];
  for (const nodeProto of proto.node) {
    const node = decodeNode(nodeProto, attributes);
    const constant = constantOf(node);
    if (constant === undefined) nodes.push(node);
    else initializers.set(node.outputs[0]!, constant);
  }
  const known = new Set([...outer, ...initializers.keys(), ...inputs.map((input) => input.name)]);
  const sorted = sortTopologically(nodes, known);
  requireOutputs(outputs, visible);
  return { name: proto.name, opsets: reading.opsets, nodes: sorted, initializers, inputs, outputs };
}

function decodeNode(proto: NodeProto, reading: AttributeReading): Node {
  // Node names are optional in ONNX; the first output identifies the node just as well in messages.
  const name =
    proto.name === '' ? (proto.output.find((output) => output !== '') ?? proto.opType) : proto.name;
  const attributes: Record<string, Attribute> = {};
  for (const item of proto.attribute) attributes[item.name] = decodeAttribute(item, name, reading);
  return {
    name,
    op: proto.opType,
    domain: standardName(proto.domain),
    // An absent optional input at the end may be written as an empty name, on which some of the engine's kernels crash.
    inputs: trimmed(proto.input),
    outputs: proto.output,
    attributes,
  };
}

/** Value of a Constant node; undefined for any other node (and for constants of strings, which stay nodes). */
function constantOf({ op, domain, attributes }: Node): Tensor | undefined {
  if (op !== 'Constant' || domain !== '') return undefined;
  const attribute = Object.values(attributes)[0];
  switch (attribute?.type) {
    case 'tensor':
      return attribute.value;
    case 'float':
      return floatTensor(Float32Array.of(attribute.value), []);
    case 'floats':
      return floatTensor(Float32Array.from(attribute.value), [attribute.value.length]);
    case 'int':
      return intTensor([attribute.value], []);
    case 'ints':
      return intTensor(attribute.value);
    default:
      return undefined;
  }
}

function requireOutputs(outputs: readonly ValueInfo[], visible: ReadonlySet<string>): void {
  const missing = outputs.find((output) => !visible.has(output.name));
  if (missing !== undefined)
    throw new GauntletError('MODEL_INVALID', `nothing produces the graph's output "${missing.name}"`);
}
