import { fromBinary } from '@bufbuild/protobuf';
import { GauntletError, messageOf } from '../../errors.js';
import { floatTensor, intTensor, type Tensor } from '../../tensor/tensor.js';
import type { Attribute, Graph, Node, ValueInfo } from '../ir.js';
import { sortTopologically } from '../topology.js';
import { decodeAttribute } from './attribute-proto.js';
import { ModelProtoSchema, type GraphProto, type ModelProto, type NodeProto } from './generated/onnx_pb.js';
import { decodeTensor } from './tensor-proto.js';
import { decodeInput, decodeOutput } from './value-info-proto.js';
import { requireFinite } from './weights.js';

/**
 * Reads an ONNX file. Constant nodes become initializers, initializers that the file also lists as inputs are inputs
 * no more, and nodes come out in topological order. Tensors may be views of `bytes`, which must then stay unchanged.
 *
 * @param source what to call the file in messages (its path).
 * @throws GauntletError MODEL_UNREADABLE when the bytes are empty, truncated or not ONNX; MODEL_WEIGHTS when a weight
 *   is not finite; MODEL_INVALID for ONNX that is well-formed but outside what Gauntlet handles.
 */
export function readOnnx(bytes: Uint8Array, source: string): Graph {
  const model = decodeModel(bytes, source);
  const opsets: Record<string, number> = {};
  for (const { domain, version } of model.opsetImport)
    opsets[domain === 'ai.onnx' ? '' : domain] = Number(version);
  if (model.functions.length > 0)
    throw new GauntletError(
      'MODEL_INVALID',
      `${source}: the model defines its own operators (${model.functions.map((item) => item.name).join(', ')})`,
      { help: 'Inline the functions before exporting (onnx.inliner.inline_local_functions).' },
    );
  const proto = model.graph!;
  for (const tensor of proto.initializer)
    requireFinite(tensor.name, decodeTensor(tensor, tensor.name), source);
  return decodeGraph(proto, opsets, new Set());
}

/** Protobuf has no magic number and decodes some garbage without complaint, so the parts a model needs are checked. */
function decodeModel(bytes: Uint8Array, source: string): ModelProto {
  const received = `${source}: received ${bytes.length} bytes`;
  const expected = 'expected an ONNX model (a ModelProto with an operator set and a graph of nodes)';
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes, { readUnknownFields: false });
  } catch (error) {
    throw new GauntletError(
      'MODEL_UNREADABLE',
      `${received}, ${expected}; decoding stopped: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
  const missing = [
    model.graph === undefined && 'no graph',
    model.graph !== undefined && model.graph.node.length === 0 && 'no nodes',
    model.graph !== undefined && model.graph.output.length === 0 && 'no outputs',
    model.opsetImport.length === 0 && 'no operator set',
  ].filter((item) => item !== false);
  if (missing.length > 0)
    throw new GauntletError('MODEL_UNREADABLE', `${received}, ${expected}; found ${missing.join(', ')}`);
  return model;
}

function decodeGraph(proto: GraphProto, opsets: Graph['opsets'], outer: ReadonlySet<string>): Graph {
  if (proto.sparseInitializer.length > 0)
    throw new GauntletError(
      'MODEL_INVALID',
      `graph "${proto.name}" holds sparse weights, which are not handled`,
    );
  const initializers = new Map<string, Tensor>(
    proto.initializer.map((tensor) => [tensor.name, decodeTensor(tensor, tensor.name)]),
  );
  const inputs = proto.input.filter((input) => !initializers.has(input.name)).map(decodeInput);
  const outputs = proto.output.map(decodeOutput);

  const visible = new Set([...outer, ...initializers.keys(), ...inputs.map((input) => input.name)]);
  for (const node of proto.node) for (const output of node.output) visible.add(output);
  const readGraph = (body: GraphProto): Graph => decodeGraph(body, opsets, visible);

  const nodes: Node[] = [];
  for (const nodeProto of proto.node) {
    const node = decodeNode(nodeProto, readGraph);
    const constant = constantOf(node);
    if (constant === undefined) nodes.push(node);
    else initializers.set(node.outputs[0]!, constant);
  }
  const known = new Set([...outer, ...initializers.keys(), ...inputs.map((input) => input.name)]);
  const sorted = sortTopologically(nodes, known);
  requireOutputs(outputs, visible);
  return { name: proto.name, opsets, nodes: sorted, initializers, inputs, outputs };
}

function decodeNode(proto: NodeProto, readGraph: (proto: GraphProto) => Graph): Node {
  // Node names are optional in ONNX; the first output identifies the node just as well in messages.
  const name =
    proto.name === '' ? (proto.output.find((output) => output !== '') ?? proto.opType) : proto.name;
  const attributes: Record<string, Attribute> = {};
  for (const item of proto.attribute) attributes[item.name] = decodeAttribute(item, name, readGraph);
  return {
    name,
    op: proto.opType,
    domain: proto.domain === 'ai.onnx' ? '' : proto.domain,
    inputs: proto.input,
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
