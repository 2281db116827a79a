import { GauntletError } from '../../errors.js';
import { dataTypes } from '../../graph/onnx/data-type.js';
import { elementCount, type DataType } from '../../tensor/tensor.js';
import { isObject, isShape, isText, shown, type JsonObject } from './json.js';

/** Element types a weight may have once it is read. */
const TYPES = ['float32', 'int32', 'bool', 'uint8'] as const;
/** Types a weight may be stored in to save space. */
const STORED = ['uint8', 'uint16', 'float16'] as const;

type WeightType = (typeof TYPES)[number] & DataType;
type StoredType = (typeof STORED)[number] & DataType;

/** How a weight was made smaller: an integer q stands for q * scale + min, a half float for itself. */
export interface Quantization {
  readonly type: StoredType;
  readonly scale: number;
  readonly min: number;
}

/** One entry of a weights manifest. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: WeightType;
  readonly quantization?: Quantization;
}

/** Weights that lie one after another in files, which are read as if they were one. */
export interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: readonly WeightSpec[];
}

/** Bytes that a weight takes in its file. */
export const storedBytes = ({ shape, type, quantization }: WeightSpec): number =>
  elementCount(shape) * dataTypes[quantization?.type ?? type].array.BYTES_PER_ELEMENT;

/** Bytes that a weight takes once it is read, as float32 or int32 where it was quantized. */
export const readBytes = ({ shape, type }: WeightSpec): number =>
  elementCount(shape) * dataTypes[type].array.BYTES_PER_ELEMENT;

/**
 * Checks the `weightsManifest` of a model.json.
 * @throws GauntletError MODEL_INVALID naming the weight or the group.
 */
export function readManifest(manifest: unknown, source: string): WeightGroup[] {
  if (!Array.isArray(manifest))
    throw new GauntletError(
      'MODEL_INVALID',
      `${source}: weightsManifest must be a list of groups, received ${shown(manifest)}`,
    );
  return manifest.map((group: unknown, i) => {
    if (!isObject(group) || !isTexts(group['paths']) || !Array.isArray(group['weights']))
      throw new GauntletError(
        'MODEL_INVALID',
        `${source}: group ${i} of weightsManifest must have paths and weights, received ${shown(group)}`,
      );
    return {
      paths: group['paths'],
      weights: group['weights'].map((spec: unknown) => readSpec(spec, source)),
    };
  });
}

const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);

function readSpec(spec: unknown, source: string): WeightSpec {
  const entry: JsonObject = isObject(spec) ? spec : {};
  const { name, shape, dtype, quantization } = entry;
  if (!isText(name) || !isShape(shape))
    throw new GauntletError(
      'MODEL_INVALID',
      `${source}: a weight must have a name and a shape, received ${shown(spec)}`,
    );
  const type = TYPES.find((known) => known === dtype);
  if (type === undefined)
    throw new GauntletError(
      'MODEL_INVALID',
      `${source}: weight "${name}" is of dtype ${shown(dtype)}; those read are ${TYPES.join(', ')}`,
    );
  if (quantization === undefined) return { name, shape, type };
  return { name, shape, type, quantization: readQuantization(name, type, quantization, source) };
}

function readQuantization(name: string, type: WeightType, value: unknown, source: string): Quantization {
  const { dtype, scale = 1, min = 0 }: JsonObject = isObject(value) ? value : {};
  const stored = STORED.find((known) => known === dtype);
  const fits = stored !== undefined && (type === 'float32' || (type === 'int32' && stored !== 'float16'));
  if (fits && typeof scale === 'number' && typeof min === 'number') return { type: stored, scale, min };
  throw new GauntletError(
    'MODEL_INVALID',
    `${source}: weight "${name}" of dtype ${type} is quantized as ${shown(value)}; ` +
      `those read are ${STORED.join(', ')} for float32, and uint8, uint16 for int32`,
  );
}
