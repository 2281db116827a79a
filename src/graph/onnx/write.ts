import { create, toBinary } from '@bufbuild/protobuf';
import type { Graph, Node } from '../ir.js';
import { encodeAttribute } from './attribute-proto.js';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  type GraphProto,
  type NodeProto,
} from './generated/onnx_pb.js';
import { encodeTensor } from './tensor-proto.js';
import { encodeValueInfo } from './value-info-proto.js';

/** Newest operator set that each version of the file format may import (onnx/docs/Versioning.md). */
const IR_VERSIONS: readonly { readonly ir: bigint; readonly opset: number }[] = [
  { ir: 8n, opset: 18 },
  { ir: 9n, opset: 20 },
  { ir: 10n, opset: 22 },
];

/**
 * Writes a graph as an ONNX file. Equal graphs give equal bytes, whatever order their initializers, attributes and
 * operator sets were added in.
 */
export function writeOnnx(graph: Graph): Uint8Array {
  const opset = graph.opsets[''] ?? 0;
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSIONS.find((entry) => opset <= entry.opset)?.ir ?? 11n,
    producerName: 'gauntlet',
    opsetImport: sortedEntries(graph.opsets).map(([domain, version]) => ({
      domain,
      version: BigInt(version),
    })),
    graph: encodeGraph(graph),
  });
  return toBinary(ModelProtoSchema, model);
}

function encodeGraph(graph: Graph): GraphProto {
  return create(GraphProtoSchema, {
    name: graph.name,
    node: graph.nodes.map(encodeNode),
    initializer: sortedEntries(Object.fromEntries(graph.initializers)).map(([name, tensor]) =>
      encodeTensor(tensor, name),
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
      encodeAttribute(name, value, encodeGraph),
    ),
  });
}

function sortedEntries<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
