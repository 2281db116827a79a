import { GauntletError } from '../../errors.js';
import type { ByteSource } from '../../graph/onnx/byte-source.js';
import { dataTypes } from '../../graph/onnx/data-type.js';
import { requireFinite } from '../../graph/onnx/weights.js';
import { halfToNumber } from '../../tensor/half.js';
import { elementCount, type Tensor } from '../../tensor/tensor.js';
import { joinedSource } from './joined-source.js';
import { storedBytes, type Quantization, type WeightGroup, type WeightSpec } from './weight-spec.js';

/** The weights of a TensorFlow.js model, read one by one when they are asked for. */
export interface Weights {
  readonly specs: ReadonlyMap<string, WeightSpec>;
  /**
   * The weight of that name, as float32 where it was quantized.
   * @throws GauntletError MODEL_WEIGHTS when a number of it is not finite; INTERNAL when there is none of that name.
   */
  read(name: string): Tensor;
}

/**
 * Finds every weight in the files of its group, which must be exactly as long as the weights in them.
 * @param open gives a file by the path that the manifest has
 * @throws GauntletError MODEL_UNREADABLE when files are too short or too long; what `open` throws.
 */
export function openWeights(
  groups: readonly WeightGroup[],
  open: (path: string) => ByteSource,
  source: string,
): Weights {
  const places = new Map<string, { spec: WeightSpec; bytes: ByteSource; offset: number }>();
  for (const { paths, weights } of groups) {
    const bytes = joinedSource(paths.map(open));
    let offset = 0;
    for (const spec of weights) {
      places.set(spec.name, { spec, bytes, offset });
      offset += storedBytes(spec);
    }
    if (bytes.size !== offset)
      throw new GauntletError(
        'MODEL_UNREADABLE',
        `${source}: ${paths.join(', ')} must hold ${offset} bytes of weights, received ${bytes.size}`,
        { help: 'A shard is incomplete or of another model; export or download it again.' },
      );
  }
  return {
    specs: new Map([...places].map(([name, { spec }]) => [name, spec])),
    read(name) {
      const place = places.get(name);
      if (place === undefined) throw new GauntletError('INTERNAL', `there is no weight "${name}"`);
      const { spec, bytes, offset } = place;
      const tensor = decode(spec, bytes.read(offset, storedBytes(spec)));
      requireFinite(name, tensor, source);
      return tensor;
    },
  };
}

function decode({ shape, type, quantization }: WeightSpec, bytes: Uint8Array): Tensor {
  const { array } = dataTypes[quantization?.type ?? type];
  const aligned = bytes.byteOffset % array.BYTES_PER_ELEMENT === 0 ? bytes : Uint8Array.from(bytes);
  const stored = new array(aligned.buffer, aligned.byteOffset, elementCount(shape));
  if (quantization === undefined) return { type, dims: shape, data: stored };
  const values = dequantized(stored as Uint8Array | Uint16Array, quantization);
  return {
    type,
    dims: shape,
    data: type === 'int32' ? Int32Array.from(values, Math.round) : Float32Array.from(values),
  };
}

function dequantized(stored: Uint8Array | Uint16Array, { type, scale, min }: Quantization): Float64Array {
  const values = new Float64Array(stored.length);
  if (type === 'float16') for (let i = 0; i < values.length; i++) values[i] = halfToNumber(stored[i]!);
  else for (let i = 0; i < values.length; i++) values[i] = stored[i]! * scale + min;
  return values;
}
