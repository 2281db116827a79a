import { readFile } from 'node:fs/promises';
import { GauntletError, messageOf } from '../errors.js';
import { readNpz } from './npz.js';
import { isVnnlib, readVnnlib } from './vnnlib.js';

/** Per-example boxes, one row per data index. */
export interface Boxes {
  readonly lower: Float32Array;
  readonly upper: Float32Array;
  /** Row of each data index: the file's `indices` array when it has one, else the index itself. */
  rowsFor(indices: readonly number[]): number[];
}

let cached: { key: string; boxes: Promise<Boxes> } | undefined;

/**
 * Reads the box of a VNN-LIB instance, or an .npz with float arrays `lower` and `upper` of `size` values per row and, optionally, `indices` (the data index
 * of each row). The last file read is kept.
 * @throws GauntletError DATA_NOT_FOUND, DATA_INVALID (missing arrays, unequal lengths, lower above upper, not finite).
 */
export function readBoxes(path: string, size: number): Promise<Boxes> {
  const key = `${size} ${path}`;
  if (cached?.key !== key) {
    const boxes = load(path, size);
    cached = { key, boxes };
    // A failure is not kept: the user may mend the file and try again in the same process.
    boxes.catch(() => (cached = undefined));
  }
  return cached.boxes;
}

async function load(path: string, size: number): Promise<Boxes> {
  return isVnnlib(path) ? ofInstance(path, size) : ofArrays(path, size);
}

/** The one box of a VNN-LIB instance. */
async function ofInstance(path: string, size: number): Promise<Boxes> {
  const { lower, upper } = await readVnnlib(path);
  if (lower.length === size) return { lower, upper, rowsFor: (indices) => indices.map(() => 0) };
  throw new GauntletError('DATA_INVALID', `${path} has ${lower.length} inputs, the model takes ${size}.`);
}

async function ofArrays(path: string, size: number): Promise<Boxes> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new GauntletError('DATA_NOT_FOUND', `The box file ${path} cannot be read: ${messageOf(cause)}.`, {
      cause,
    });
  });
  const arrays = readNpz(bytes, path);
  const invalid = (reason: string): GauntletError =>
    new GauntletError('DATA_INVALID', `The box file ${path} ${reason}.`);
  const values = (name: string): Float32Array => {
    const array = arrays.get(name);
    if (array === undefined) throw invalid(`has no array \`${name}\``);
    return Float32Array.from(array.data as ArrayLike<number>);
  };
  const [lower, upper] = [values('lower'), values('upper')];
  if (lower.length !== upper.length || lower.length % size !== 0) {
    throw invalid(`has ${lower.length} lower and ${upper.length} upper values; rows have ${size}`);
  }
  if (!lower.every((value, i) => Number.isFinite(value) && Number.isFinite(upper[i]) && value <= upper[i]!)) {
    throw invalid('has a lower bound above its upper one, or one that is not finite');
  }
  const listed = arrays.get('indices');
  const rows = lower.length / size;
  const places = new Map(
    listed === undefined
      ? Array.from({ length: rows }, (_value, row) => [row, row])
      : Array.from(listed.data as ArrayLike<number | bigint>, (index, row) => [Number(index), row]),
  );
  return {
    lower,
    upper,
    rowsFor: (indices) =>
      indices.map((index) => {
        const row = places.get(index);
        if (row === undefined || row >= rows) throw invalid(`has no row for example ${index}`);
        return row;
      }),
  };
}
