import { create } from '@bufbuild/protobuf';
import { GauntletError } from '../../errors.js';
import type { Attribute, Graph } from '../ir.js';
import type { ExternalFiles } from './byte-source.js';
import {
  AttributeProto_AttributeType as Kind,
  AttributeProtoSchema,
  type AttributeProto,
  type GraphProto,
} from './generated/onnx_pb.js';
import { decodeTensor, encodeTensor } from './tensor-proto.js';

const text = new TextDecoder();
const utf8 = new TextEncoder();

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/**
 * Exporters write "to the end" as the largest int64, which a number cannot hold exactly; it becomes 2^63 when read and
 * is brought back into range when written.
 */
function toInt64(value: number): bigint {
  const exact = BigInt(value);
  return exact > INT64_MAX ? INT64_MAX : exact < INT64_MIN ? INT64_MIN : exact;
}

/** What reading an attribute may need beside its message. */
export interface AttributeReading {
  /** Reads the body of a control-flow operator. */
  readonly graph: (proto: GraphProto) => Graph;
  readonly files: ExternalFiles;
}

type Decoder = (proto: AttributeProto, reading: AttributeReading) => Attribute;

const decoders: Partial<Record<Kind, Decoder>> = {
  [Kind.FLOAT]: ({ f }) => ({ type: 'float', value: f }),
  [Kind.INT]: ({ i }) => ({ type: 'int', value: Number(i) }),
  [Kind.STRING]: ({ s }) => ({ type: 'string', value: text.decode(s) }),
  [Kind.TENSOR]: ({ t, name }, { files }) => ({ type: 'tensor', value: decodeTensor(t!, name, files) }),
  [Kind.GRAPH]: ({ g }, { graph }) => ({ type: 'graph', value: graph(g!) }),
  [Kind.FLOATS]: ({ floats }) => ({ type: 'floats', value: floats }),
  [Kind.INTS]: ({ ints }) => ({ type: 'ints', value: ints.map(Number) }),
  [Kind.STRINGS]: ({ strings }) => ({ type: 'strings', value: strings.map((item) => text.decode(item)) }),
};

/**
 * Reads an attribute.
 * @throws GauntletError MODEL_INVALID for a kind of attribute that is not handled (sparse tensors, types).
 */
export function decodeAttribute(proto: AttributeProto, node: string, reading: AttributeReading): Attribute {
  const decode = decoders[proto.type];
  if (decode === undefined)
    throw new GauntletError(
      'MODEL_INVALID',
      `attribute "${proto.name}" of node "${node}" is of kind ${Kind[proto.type]}`,
    );
  return decode(proto, reading);
}

/** Writes an attribute; `writeGraph` writes the body of a control-flow operator. */
export function encodeAttribute(
  name: string,
  attribute: Attribute,
  writeGraph: (graph: Graph) => GraphProto,
): AttributeProto {
  return create(AttributeProtoSchema, { name, ...fieldsOf(attribute, writeGraph) });
}

function fieldsOf(attribute: Attribute, writeGraph: (graph: Graph) => GraphProto) {
  switch (attribute.type) {
    case 'float':
      return { type: Kind.FLOAT, f: attribute.value };
    case 'int':
      return { type: Kind.INT, i: toInt64(attribute.value) };
    case 'string':
      return { type: Kind.STRING, s: utf8.encode(attribute.value) };
    case 'tensor':
      return { type: Kind.TENSOR, t: encodeTensor(attribute.value, '') };
    case 'graph':
      return { type: Kind.GRAPH, g: writeGraph(attribute.value) };
    case 'floats':
      return { type: Kind.FLOATS, floats: [...attribute.value] };
    case 'ints':
      return { type: Kind.INTS, ints: attribute.value.map(toInt64) };
    case 'strings':
      return { type: Kind.STRINGS, strings: attribute.value.map((item) => utf8.encode(item)) };
  }
}
