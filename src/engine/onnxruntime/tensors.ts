import type * as ort from 'onnxruntime-node';
import type { Tensor as OrtTensor, TypedTensor } from 'onnxruntime-node';
import { GauntletError } from '../../errors.js';
import type { DataType, Tensor, TensorData } from '../../tensor/tensor.js';

type Ort = typeof ort;

/** Newer Node versions have Float16Array, and ONNX Runtime then insists on it; ours is always the bits. */
const HalfArray = (
  globalThis as { Float16Array?: new (buffer: ArrayBufferLike, at: number, length: number) => unknown }
).Float16Array;

/** Wraps a tensor for ONNX Runtime, without a copy unless its memory is shared between threads (which ORT refuses). */
export function toOrt(ort: Ort, { type, dims, data }: Tensor): OrtTensor {
  const own = data.buffer instanceof SharedArrayBuffer ? data.slice() : data;
  const typed = type === 'float16' && HalfArray ? new HalfArray(own.buffer, own.byteOffset, own.length) : own;
  return new ort.Tensor(type as 'float32', typed as Float32Array, dims);
}

const handled: ReadonlySet<string> = new Set<DataType>([
  'float32',
  'float64',
  'float16',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'bool',
]);

/** @throws GauntletError ENGINE_RUN for an element type that graphs cannot hold (strings). */
export function fromOrt(tensor: OrtTensor, name: string): Tensor {
  if (!handled.has(tensor.type))
    throw new GauntletError(
      'ENGINE_RUN',
      `output "${name}" has element type ${tensor.type}, which is not handled`,
    );
  const data = (tensor as TypedTensor<'float32'>).data as TensorData;
  const bits = tensor.type === 'float16' ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data;
  return { type: tensor.type as DataType, dims: [...tensor.dims], data: bits };
}
