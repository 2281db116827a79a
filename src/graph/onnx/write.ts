import { create, toBinary } from '@bufbuild/protobuf';
import type { Tensor } from '../../tensor/tensor.js';
import type { Graph, Node } from '../ir.js';
import { encodeAttribute } from './attribute-proto.js';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  type GraphProto,
  type NodeProto,
  type TensorProto,
} from './generated/onnx_pb.js';
import { bytesOf, encodeExternalTensor, encodeTensor } from './tensor-proto.js';
import { encodeValueInfo } from './value-info-proto.js';

/** Newest operator set that each version of the file format may import (onnx/docs/Versioning.md). */
const IR_VERSIONS: readonly { readonly ir: bigint; readonly opset: number }[] = [
  { ir: 8n, opset: 18 },
  { ir: 9n, opset: 20 },
  { ir: 10n, opset: 22 },
];

/** How the initializers of the graph itself (not of its bodies) are written. */
type EncodeInitializer = (tensor: Tensor, name: string) => TensorProto;

/**
 * Writes a graph as an ONNX file. Equal graphs give equal bytes, whatever order their initializers, attributes and
 * operator sets were added in.
 */
export const writeOnnx = (graph: Graph): Uint8Array => write(graph, encodeTensor);

/** An ONNX file, and the content of the files beside it that hold its large tensors. */
export interface SplitModel {
  readonly bytes: Uint8Array;
  readonly external: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/**
 * Writes a graph whose initializers of at least `large` bytes are stored outside the file, one file each: views of the
 * graph's own memory, so that a model of any size is written without a copy of its weights.
 */
export function writeSplitOnnx(graph: Graph, large: number): SplitModel {
  const external: { path: string; data: Uint8Array }[] = [];
  const bytes = write(graph, (tensor, name) => {
    if (tensor.data.byteLength < large) return encodeTensor(tensor, name);
    const path = `tensor-${external.length}`;
    external.push({ path, data: bytesOf(tensor) });
    return encodeExternalTensor(tensor, name, path);
  });
  return { bytes, external };
}

function write(graph: Graph, initializer: EncodeInitializer): Uint8Array {
  const opset = graph.opsets[''] ?? 0;
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSIONS.find((entry) => opset <= entry.opset)?.ir ?? 11n,
    producerName: 'gauntlet',
    opsetImport: sortedEntries(graph.opsets).map(([domain, version]) => ({
      domain,
      version: BigInt(version),
    })),
    graph: encodeGraph(graph, initializer),
  });
  return toBinary(ModelProtoSchema, model);
}

function encodeGraph(graph: Graph, initializer: EncodeInitializer = encodeTensor): GraphProto {
  return create(GraphProtoSchema, {
    name: graph.name,
    node: graph.nodes.map(encodeNode),
    initializer: sortedEntries(Object.fromEntries(graph.initializers)).map(([name, tensor]) =>
      initializer(tensor, name),
    ),
    input: graph.inputs.map(encodeValueInfo),
    output: graph.outputs.map(encodeValueInfo),
  });
}

function encodeNode(node: Node): NodeProto {
  return create(NodeProtoSchema, {
    name: node.name,
    opType: node.op,
    domain: node.domain,
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: sortedEntries(node.attributes).map(([name, value]) =>
      encodeAttribute(name, value, (body) => encodeGraph(body)),
    ),
  });
}

function sortedEntries<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
