import { GauntletError } from '../../../errors.js';
import { int } from '../../../graph/builder.js';
import { permutedPlaces } from '../../../tensor/permute.js';
import { elementCount } from '../../../tensor/tensor.js';
import { DATA_FORMATS } from '../image.js';
import { natural, sameSequence, sizeOf, type Value } from '../value.js';
import type { Emitter } from '../emitter.js';
import type { Layer, Lowering } from './layer.js';

/** All elements in a row, in the order they are stored in: whoever reads the vector sorts its weights instead. */
const flatten: Lowering = (layer, inputs) => {
  const { config, emitter } = layer;
  const x = layer.single(inputs);
  const format = config.choice('data_format', DATA_FORMATS, 'channels_last');
  if (format === 'channels_last' || x.shape.length < 2) return flattened(emitter, x);
  const [channels, ...spatial] = x.shape;
  // Channels that come first in the example are put last, and only then all is put in a row.
  const rank = x.shape.length;
  const order = x.order.map((axis) => (axis === 0 ? rank - 1 : axis - 1));
  return flattened(emitter, { ...x, shape: [...spatial, channels!], order });
};

export function flattened(emitter: Emitter, x: Value): Value {
  if (x.shape.length === 1) return x;
  const size = sizeOf(x);
  const name = emitter.add('Flatten', [x.name], { axis: int(1) });
  const { order } = natural(name, x.shape);
  if (sameSequence(x.shape, x.order, order)) return natural(name, [size]);
  return { name, shape: [size], order: [0], elements: permutedPlaces(x.shape, x.order) };
}

const reshape: Lowering = (layer, inputs) => {
  const { emitter } = layer;
  const x = layer.single(inputs);
  const shape = targetShape(layer, sizeOf(x));
  if (shape.join() === x.shape.join()) return x;
  if (shape.length === 1) return flattened(emitter, x);
  return natural(emitter.reshape(emitter.natural(x).name, shape), shape);
};

/** The setting `target_shape` with its one open size filled in. */
function targetShape({ config }: Layer, size: number): readonly number[] {
  const target: unknown = config.field('target_shape');
  const sizes = Array.isArray(target) ? (target as readonly unknown[]).map((dim) => dim ?? -1) : [];
  const isSize = (dim: unknown): dim is number => Number.isSafeInteger(dim);
  const known = sizes.filter(isSize).filter((dim) => dim >= 0);
  const open = size / elementCount(known);
  const shape = sizes.map((dim) => (isSize(dim) && dim >= 0 ? dim : open));
  const fits = known.length >= sizes.length - 1 && sizes.every(isSize) && elementCount(shape) === size;
  if (fits && sizes.length > 0 && Number.isSafeInteger(open)) return shape;
  throw new GauntletError(
    'MODEL_INVALID',
    `${config.where}: target_shape is ${JSON.stringify(target)}, which does not hold ${size} elements`,
  );
}

/** The axes change their names and stay where they are. */
const permute: Lowering = (layer, inputs) => {
  const x = layer.single(inputs);
  const dims = (layer.config.integers('dims') ?? []).map((dim) => dim - 1);
  if (dims.toSorted((a, b) => a - b).join() !== [...x.shape.keys()].join())
    throw new GauntletError(
      'MODEL_INVALID',
      `${layer.config.where}: dims must be the axes 1 to ${x.shape.length} in some order, received ` +
        JSON.stringify(layer.config.field('dims')),
    );
  const order = x.order.map((axis) => dims.indexOf(axis));
  return { ...x, shape: dims.map((axis) => x.shape[axis]!), order };
};

const repeatVector: Lowering = (layer, inputs) => {
  const { emitter } = layer;
  const x = emitter.natural(layer.single(inputs, 1));
  const count = layer.config.count('n');
  const row = emitter.add('Unsqueeze', [x.name, emitter.ints([1])]);
  return natural(emitter.add('Tile', [row, emitter.ints([1, count, 1])]), [count, ...x.shape]);
};

/** Layers that move elements and leave their values alone. */
export const shapingLayers: Readonly<Record<string, Lowering>> = {
  Flatten: flatten,
  Permute: permute,
  RepeatVector: repeatVector,
  Reshape: reshape,
};
