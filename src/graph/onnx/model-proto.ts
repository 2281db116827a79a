import { fromBinary } from '@bufbuild/protobuf';
import { GauntletError, messageOf } from '../../errors.js';
import type { ByteSource } from './byte-source.js';
import { dataTypeOf, dataTypes } from './data-type.js';
import { isExternal, locationOf } from './external-data.js';
import { ModelProtoSchema, type GraphProto, type ModelProto, type NodeProto } from './generated/onnx_pb.js';
import { OWN_FILE, skeletonOf, unreadableModel } from './skeleton.js';

/**
 * Decodes an ONNX file but for the bytes of its large tensors (see skeletonOf). Protobuf has no magic number and decodes some
 * garbage without complaint, so the parts a model needs are checked.
 * @throws GauntletError MODEL_UNREADABLE.
 */
export function readModel(source: ByteSource, name: string): ModelProto {
  const skeleton = skeletonOf(source, name);
  const unreadable = (problem: string, cause?: unknown): GauntletError =>
    new GauntletError('MODEL_UNREADABLE', unreadableModel(name, source.size, problem), { cause });
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, skeleton, { readUnknownFields: false });
  } catch (error) {
    throw unreadable(`decoding stopped: ${messageOf(error)}`, error);
  }
  const missing = [
    model.graph === undefined && 'no graph',
    model.graph !== undefined && model.graph.node.length === 0 && 'no nodes',
    model.graph !== undefined && model.graph.output.length === 0 && 'no outputs',
    model.opsetImport.length === 0 && 'no operator set',
  ].filter((item) => item !== false);
  if (missing.length > 0) throw unreadable(`found ${missing.join(', ')}`);
  return model;
}

/** Locations of the files beside the model that its tensors are stored in, sorted, each once. */
export function externalLocations(model: ModelProto): string[] {
  const found = new Set<string>();
  for (const tensor of allTensors(model)) {
    const location = isExternal(tensor) ? locationOf(tensor) : undefined;
    if (location !== undefined && location !== OWN_FILE) found.add(location);
  }
  return [...found].sort();
}

/**
 * Bytes of the model's tensors while it runs: numbers of less than four bytes, which are half floats and quantized weights, become
 * float32 wherever gradients are taken or constants are folded.
 */
export function runningBytes(model: ModelProto): number {
  return allTensors(model).reduce((total, { dims, dataType }) => {
    const type = dataTypeOf(dataType);
    const bytes = type === undefined ? FLOAT : Math.max(dataTypes[type].array.BYTES_PER_ELEMENT, FLOAT);
    return total + bytes * dims.reduce((product, dim) => product * Number(dim), 1);
  }, 0);
}

const FLOAT = Float32Array.BYTES_PER_ELEMENT;

type Tensors = GraphProto['initializer'];

const allTensors = ({ graph, functions }: ModelProto): Tensors => [
  ...tensorsOf(graph!),
  ...functions.flatMap(({ node }) => node.flatMap(tensorsOfNode)),
];

const tensorsOf = (graph: GraphProto): Tensors => [
  ...graph.initializer,
  ...graph.node.flatMap(tensorsOfNode),
];

const tensorsOfNode = ({ attribute }: NodeProto): Tensors =>
  attribute.flatMap(({ t, tensors, g, graphs }) => [
    ...(t === undefined ? [] : [t]),
    ...tensors,
    ...(g === undefined ? graphs : [g, ...graphs]).flatMap(tensorsOf),
  ]);
