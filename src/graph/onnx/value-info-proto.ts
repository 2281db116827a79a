import { create } from '@bufbuild/protobuf';
import { GauntletError } from '../../errors.js';
import type { Dimension, ValueInfo } from '../ir.js';
import { codeName, dataTypeOf, dataTypes } from './data-type.js';
import {
  TypeProtoSchema,
  ValueInfoProtoSchema,
  type TensorShapeProto_Dimension,
  type ValueInfoProto,
} from './generated/onnx_pb.js';

/** @throws GauntletError MODEL_INVALID unless the input is a tensor of known rank and handled element type. */
export function decodeInput(proto: ValueInfoProto): ValueInfo {
  const info = decodeOutput(proto);
  if (info.undeclared !== undefined)
    throw new GauntletError('MODEL_INVALID', `input "${proto.name}" declares no ${info.undeclared}`);
  return info;
}

/** @throws GauntletError MODEL_INVALID unless the value is a tensor of handled element type. */
export function decodeOutput(proto: ValueInfoProto): ValueInfo {
  const { name, type: declared } = proto;
  if (declared?.value.case === undefined)
    return { name, type: 'float32', dims: [], undeclared: 'type and shape' };
  if (declared.value.case !== 'tensorType')
    throw new GauntletError('MODEL_INVALID', `"${name}" is a ${declared.value.case}, not a tensor`);
  const { elemType, shape } = declared.value.value;
  const type = dataTypeOf(elemType);
  if (type === undefined)
    throw new GauntletError(
      'MODEL_INVALID',
      `"${name}" has element type ${codeName(elemType)}, which is not handled`,
    );
  if (shape === undefined) return { name, type, dims: [], undeclared: 'shape' };
  return { name, type, dims: shape.dim.map((dim, axis) => decodeDim(dim, name, axis)) };
}

/** A dimension without value or name, and the 0 or -1 that some exporters write instead, gets a name of its own. */
function decodeDim({ value }: TensorShapeProto_Dimension, name: string, axis: number): Dimension {
  if (value.case === 'dimParam' && value.value !== '') return value.value;
  if (value.case === 'dimValue' && value.value > 0n) return Number(value.value);
  return `${name}_dim_${axis}`;
}

export function encodeValueInfo({ name, type, dims, undeclared }: ValueInfo): ValueInfoProto {
  if (undeclared === 'type and shape') return create(ValueInfoProtoSchema, { name });
  const dim = dims.map((item) => ({
    value:
      typeof item === 'number'
        ? ({ case: 'dimValue', value: BigInt(item) } as const)
        : ({ case: 'dimParam', value: item } as const),
  }));
  const tensor = { elemType: dataTypes[type].code, ...(undeclared === undefined && { shape: { dim } }) };
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } }),
  });
}
