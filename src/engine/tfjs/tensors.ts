import { dataTypes } from '../../graph/onnx/data-type.js';
import type { DataType, Tensor } from '../../tensor/tensor.js';
import { tf } from './tf.js';

/** TensorFlow.js has whole numbers of 32 bits; where a graph has more, it means "to the end". */
const [LOWEST, HIGHEST] = [-(2 ** 31), 2 ** 31 - 1];

/** The tensor in the types that TensorFlow.js has. */
export function toTf({ type, dims, data }: Tensor): tf.Tensor {
  const shape = [...dims];
  if (type === 'float32') return tf.tensor(data as Float32Array, shape, 'float32');
  if (type === 'bool') return tf.tensor(data as Uint8Array, shape, 'bool');
  const numbers = Array.from(data as ArrayLike<number | bigint>, Number);
  if (type === 'float64') return tf.tensor(Float32Array.from(numbers), shape, 'float32');
  const whole = Int32Array.from(numbers, (value) => Math.min(Math.max(value, LOWEST), HIGHEST));
  return tf.tensor(whole, shape, 'int32');
}

/** What TensorFlow.js computed, in the type that was asked for or, failing that, in the one that is nearest. */
export async function fromTf(tensor: tf.Tensor, declared: DataType | undefined): Promise<Tensor> {
  const values = await tensor.data();
  const type = declared ?? NEAREST[tensor.dtype as keyof typeof NEAREST];
  const dims = tensor.shape;
  // A copy: what is in the backend's memory is gone as soon as the tensor is.
  if (type === 'float32') return { type, dims, data: Float32Array.from(values) };
  const data = new dataTypes[type].array(values.length);
  const whole = data instanceof BigInt64Array || data instanceof BigUint64Array;
  for (let i = 0; i < data.length; i++) data[i] = whole ? BigInt(values[i]!) : values[i]!;
  return { type, dims, data };
}

const NEAREST = { float32: 'float32', int32: 'int64', bool: 'bool' } as const;
