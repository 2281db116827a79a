import { create } from '@bufbuild/protobuf';
import { GauntletError } from '../../errors.js';
import { elementCount, type Tensor, type TensorData } from '../../tensor/tensor.js';
import type { ExternalFiles } from './byte-source.js';
import { codeName, dataTypeOf, dataTypes } from './data-type.js';
import { isExternal, readExternal } from './external-data.js';
import { TensorProto_DataLocation, TensorProtoSchema, type TensorProto } from './generated/onnx_pb.js';

/**
 * Reads a tensor. The result may be a view of the bytes it is read from where they are suitably aligned.
 * @param files where tensors stored outside the message are read from
 * @throws GauntletError MODEL_UNREADABLE when the values do not fill the shape; MODEL_INVALID for an element type
 *   that is not handled; and what readExternal throws.
 */
export function decodeTensor(proto: TensorProto, name: string, files: ExternalFiles): Tensor {
  const type = dataTypeOf(proto.dataType);
  if (type === undefined)
    throw new GauntletError('MODEL_INVALID', `tensor "${name}" has element type ${codeName(proto.dataType)}`);
  const dims = proto.dims.map(Number);
  const { array, typed } = dataTypes[type];
  const count = elementCount(dims);
  const size = count * array.BYTES_PER_ELEMENT;
  if (isExternal(proto))
    return { type, dims, data: viewOf(readExternal(proto, name, size, files), count, array) };
  if (proto.rawData.length > 0) {
    if (proto.rawData.length === size) return { type, dims, data: viewOf(proto.rawData, count, array) };
    throw new GauntletError(
      'MODEL_UNREADABLE',
      `tensor "${name}" needs ${size} bytes, the file holds ${proto.rawData.length}`,
    );
  }
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
): TensorData {
  // Not bytes.slice(): a Buffer's slice shares memory and stays unaligned.
  const aligned = bytes.byteOffset % array.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes);
  return new array(aligned.buffer, aligned.byteOffset, count);
}

/** A tensor's own memory as bytes. */
export const bytesOf = ({ data }: Tensor): Uint8Array<ArrayBuffer> =>
  new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);

/** Writes a tensor as raw bytes (a view of the tensor's own memory). */
export const encodeTensor = (tensor: Tensor, name: string): TensorProto =>
  create(TensorProtoSchema, { ...headerOf(tensor, name), rawData: bytesOf(tensor) });

/** Writes a tensor whose bytes are those of the file at `location`. */
export const encodeExternalTensor = (tensor: Tensor, name: string, location: string): TensorProto =>
  create(TensorProtoSchema, {
    ...headerOf(tensor, name),
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: [
      { key: 'location', value: location },
      { key: 'offset', value: '0' },
      { key: 'length', value: String(tensor.data.byteLength) },
    ],
  });

const headerOf = ({ type, dims }: Tensor, name: string) => ({
  name,
  dataType: dataTypes[type].code,
  dims: dims.map(BigInt),
});
