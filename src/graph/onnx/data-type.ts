import type { DataType, TensorData } from '../../tensor/tensor.js';
import { TensorProto_DataType as Code, type TensorProto } from './generated/onnx_pb.js';

interface ArrayConstructor {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): TensorData;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): TensorData;
}

interface DataTypeEntry {
  /** The number that stands for the type in a file. */
  readonly code: Code;
  readonly array: ArrayConstructor;
  /** Values of a tensor that is stored in a typed field instead of as raw bytes. */
  readonly typed: (proto: TensorProto) => readonly number[] | readonly bigint[];
}

/** How each element type is stored in an ONNX file and in memory (onnx.proto, message TensorProto). */
export const dataTypes: Readonly<Record<DataType, DataTypeEntry>> = {
  float32: { code: Code.FLOAT, array: Float32Array, typed: (proto) => proto.floatData },
  float64: { code: Code.DOUBLE, array: Float64Array, typed: (proto) => proto.doubleData },
  float16: { code: Code.FLOAT16, array: Uint16Array, typed: (proto) => proto.int32Data },
  int8: { code: Code.INT8, array: Int8Array, typed: (proto) => proto.int32Data },
  uint8: { code: Code.UINT8, array: Uint8Array, typed: (proto) => proto.int32Data },
  int16: { code: Code.INT16, array: Int16Array, typed: (proto) => proto.int32Data },
  uint16: { code: Code.UINT16, array: Uint16Array, typed: (proto) => proto.int32Data },
  int32: { code: Code.INT32, array: Int32Array, typed: (proto) => proto.int32Data },
  uint32: { code: Code.UINT32, array: Uint32Array, typed: (proto) => proto.uint64Data.map(Number) },
  int64: { code: Code.INT64, array: BigInt64Array, typed: (proto) => proto.int64Data },
  uint64: { code: Code.UINT64, array: BigUint64Array, typed: (proto) => proto.uint64Data },
  bool: { code: Code.BOOL, array: Uint8Array, typed: (proto) => proto.int32Data },
};

const byCode = new Map<number, DataType>(
  (Object.keys(dataTypes) as DataType[]).map((type) => [dataTypes[type].code, type]),
);

/** The element type that a file's number stands for; undefined for one Gauntlet does not handle. */
export const dataTypeOf = (code: number): DataType | undefined => byCode.get(code);

/** The standard's own name of an element type's number, for messages. */
export const codeName = (code: number): string => (code in Code ? Code[code]! : `type ${code}`);
