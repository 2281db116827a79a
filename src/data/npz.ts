import { unzipSync, zipSync } from 'fflate';
import { GauntletError, messageOf } from '../errors.js';
import type { Tensor } from '../tensor/tensor.js';
import { formatNpy, parseNpy } from './npy.js';

/** The earliest moment a zip entry can carry; a fixed one makes equal content equal bytes. */
const MODIFIED = new Date(1980, 0, 1);

/**
 * Decodes a NumPy .npz archive (compressed or not): its arrays by name, without the `.npy`.
 * @param name how messages call the file.
 * @throws GauntletError DATA_INVALID when it is not a zip of .npy arrays.
 */
export function readNpz(bytes: Uint8Array, name = 'the .npz file'): ReadonlyMap<string, Tensor> {
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(bytes);
  } catch (cause) {
    throw new GauntletError('DATA_INVALID', `${name} is not a complete .npz archive: ${messageOf(cause)}.`, {
      cause,
    });
  }
  const arrays = Object.entries(entries).map(([file, content]): [string, Tensor] => {
    const array = file.replace(/\.npy$/, '');
    return [array, parseNpy(content, `${name}, array \`${array}\``)];
  });
  return new Map(arrays);
}

/** Encodes arrays as a compressed .npz archive: the same arrays in the same order always give the same bytes. */
export function writeNpz(entries: Readonly<Record<string, Tensor>>): Uint8Array {
  const files = Object.entries(entries).map(
    ([array, tensor]) => [`${array}.npy`, formatNpy(tensor)] as const,
  );
  return zipSync(Object.fromEntries(files), { mtime: MODIFIED, level: 6 });
}
