import { GauntletError } from '../errors.js';
import { elementCount, type DataType, type Tensor, type TensorData } from '../tensor/tensor.js';

/**
 * NumPy's .npy format: magic, version, a Python dictionary as header, then the raw values (numpy.lib.format). Little-endian
 * arrays in C order; every numeric type a Tensor can hold.
 */
const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);

interface ElementFormat {
  readonly type: DataType;
  readonly array: new (buffer: ArrayBuffer) => TensorData;
}

/** Element formats by the `descr` that NumPy writes. */
const formats: Readonly<Record<string, ElementFormat>> = {
  '|b1': { type: 'bool', array: Uint8Array },
  '|u1': { type: 'uint8', array: Uint8Array },
  '|i1': { type: 'int8', array: Int8Array },
  '<u2': { type: 'uint16', array: Uint16Array },
  '<i2': { type: 'int16', array: Int16Array },
  '<u4': { type: 'uint32', array: Uint32Array },
  '<i4': { type: 'int32', array: Int32Array },
  '<u8': { type: 'uint64', array: BigUint64Array },
  '<i8': { type: 'int64', array: BigInt64Array },
  '<f2': { type: 'float16', array: Uint16Array },
  '<f4': { type: 'float32', array: Float32Array },
  '<f8': { type: 'float64', array: Float64Array },
};

const descriptions = new Map(Object.entries(formats).map(([description, { type }]) => [type, description]));

/** What the header of an .npy file says. */
export interface NpyHeader {
  readonly type: DataType;
  readonly dims: readonly number[];
  /** Where the values begin, in bytes. */
  readonly start: number;
  /** Bytes the values take. */
  readonly bytes: number;
  /** Makes an array of values of the type; the bytes are its own. */
  readonly array: new (buffer: ArrayBuffer) => TensorData;
}

/** First bytes of an .npy file that tell how long its header is. */
const PREFIX = 12;

/**
 * Bytes an .npy file has before its values, from its first bytes.
 * @throws GauntletError DATA_INVALID when they are not those of an .npy file.
 */
export function npyStart(bytes: Uint8Array, name: string): number {
  if (bytes.length < PREFIX || !MAGIC.every((byte, i) => bytes[i] === byte)) {
    throw new GauntletError('DATA_INVALID', `${name}: not an .npy array.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes[6] === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true);
}

/**
 * Reads the header of an .npy file.
 * @param bytes the file, or its beginning up to `npyStart`.
 * @throws GauntletError DATA_INVALID for anything but a little-endian array in C order.
 */
export function parseNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
  const invalid = (reason: string): GauntletError => new GauntletError('DATA_INVALID', `${name}: ${reason}.`);
  const start = npyStart(bytes, name);
  if (start > bytes.length) throw invalid('its header is truncated');
  const header = new TextDecoder('latin1').decode(bytes.subarray(bytes[6] === 1 ? 10 : 12, start));

  const description = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const shape = /'shape'\s*:\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (shape === undefined || order === undefined || description === undefined) {
    throw invalid(`its header cannot be read: ${header.trim().slice(0, 120)}`);
  }
  const format = formats[description];
  if (format === undefined) {
    throw invalid(
      `it holds values of type ${description}; expected one of ${Object.keys(formats).join(' ')}`,
    );
  }
  const dims = shape.split(',').flatMap((part) => (part.trim() === '' ? [] : [Number(part)]));
  if (order === 'True' && dims.length > 1) throw invalid('it is in Fortran order; save it in C order');
  return { ...format, dims, start, bytes: Number(description[2]) * elementCount(dims) };
}

/** @throws GauntletError DATA_INVALID when a file has less than the bytes its header announces. */
export function requireWhole({ dims, bytes }: NpyHeader, received: number, name: string): void {
  if (received >= bytes) return;
  const needed = `its shape (${dims.join(', ')}) needs ${bytes} bytes, received ${received}`;
  throw new GauntletError('DATA_INVALID', `${name}: ${needed}.`);
}

/**
 * Decodes an .npy file. The values are copied, so the result does not share memory with `bytes`.
 * @param name how messages call the array.
 * @throws GauntletError DATA_INVALID for anything but a complete little-endian array in C order.
 */
export function parseNpy(bytes: Uint8Array, name: string): Tensor {
  const header = parseNpyHeader(bytes, name);
  requireWhole(header, bytes.length - header.start, name);
  // A copy of its own: the values need not be aligned in the file.
  const values = Uint8Array.from(bytes.subarray(header.start, header.start + header.bytes));
  return { type: header.type, dims: header.dims, data: new header.array(values.buffer) };
}

/** Encodes a tensor as an .npy file. */
export function formatNpy(tensor: Tensor): Uint8Array {
  const { data } = tensor;
  const header = formatNpyHeader(tensor);
  const out = new Uint8Array(header.length + data.byteLength);
  out.set(header);
  out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return out;
}

/** What an .npy file has before its values: version 1.0, padded to 64 bytes as NumPy does. */
export function formatNpyHeader({ type, dims }: Pick<Tensor, 'type' | 'dims'>): Uint8Array {
  const shape = dims.length === 1 ? `${dims[0]},` : dims.join(', ');
  const header = `{'descr': '${descriptions.get(type)}', 'fortran_order': False, 'shape': (${shape}), }`;
  const length = Math.ceil((10 + header.length + 1) / 64) * 64;
  const out = new Uint8Array(length);
  out.set(MAGIC);
  out.set([1, 0, (length - 10) & 0xff, (length - 10) >> 8], 6);
  out.set(new TextEncoder().encode(header.padEnd(length - 11) + '\n'), 10);
  return out;
}
