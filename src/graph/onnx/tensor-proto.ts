import { create } from '@bufbuild/protobuf';
import { GauntletError } from '../../errors.js';
import { elementCount, type Tensor, type TensorData } from '../../tensor/tensor.js';
import { codeName, dataTypeOf, dataTypes } from './data-type.js';
import { TensorProto_DataLocation, TensorProtoSchema, type TensorProto } from './generated/onnx_pb.js';

/**
 * Reads a tensor. The result may be a view of the file's bytes where they are suitably aligned.
 * @throws GauntletError MODEL_UNREADABLE when the values do not fill the shape; MODEL_INVALID for an element type
 *   that is not handled and for values kept in another file.
 */
export function decodeTensor(proto: TensorProto, name: string): Tensor {
  const type = dataTypeOf(proto.dataType);
  if (type === undefined)
    throw new GauntletError('MODEL_INVALID', `tensor "${name}" has element type ${codeName(proto.dataType)}`);
  if (proto.dataLocation === TensorProto_DataLocation.EXTERNAL) {
    const location = proto.externalData.find((entry) => entry.key === 'location')?.value ?? 'another file';
    throw new GauntletError(
      'MODEL_INVALID',
      `the values of tensor "${name}" are stored outside the model, in ${location}`,
      {
        help: 'Save the model as one file (onnx.save with save_as_external_data=False).',
      },
    );
  }
  const dims = proto.dims.map(Number);
  const { array, typed } = dataTypes[type];
  const count = elementCount(dims);
  if (proto.rawData.length > 0) return { type, dims, data: viewOf(proto.rawData, count, array, name) };
  const values = typed(proto);
  if (values.length !== count)
    throw new GauntletError(
      'MODEL_UNREADABLE',
      `tensor "${name}" of shape [${dims.join(', ')}] needs ${count} values, the file holds ${values.length}`,
    );
  const data = new array(count);
  data.set(values as never);
  return { type, dims, data };
}

function viewOf(
  bytes: Uint8Array,
  count: number,
  array: (typeof dataTypes)[keyof typeof dataTypes]['array'],
  name: string,
): TensorData {
  const expected = count * array.BYTES_PER_ELEMENT;
  if (bytes.length !== expected)
    throw new GauntletError(
      'MODEL_UNREADABLE',
      `tensor "${name}" needs ${expected} bytes, the file holds ${bytes.length}`,
    );
  // Not bytes.slice(): a Buffer's slice shares memory and stays unaligned.
  const aligned = bytes.byteOffset % array.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes);
  return new array(aligned.buffer, aligned.byteOffset, count);
}

/** Writes a tensor as raw bytes (a view of the tensor's own memory). */
export function encodeTensor({ type, dims, data }: Tensor, name: string): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType: dataTypes[type].code,
    dims: dims.map(BigInt),
    rawData: new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
  });
}
