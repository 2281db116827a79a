import { GauntletError } from '../../../errors.js';
import { elementCount } from '../../../tensor/tensor.js';
import { DATA_FORMATS } from '../image.js';
import { flattened, relabelled } from '../flatten.js';
import { natural, sizeOf } from '../value.js';
import type { Layer, Lowering } from './layer.js';

const flatten: Lowering = (layer, inputs) => {
  const { config, emitter } = layer;
  const x = layer.single(inputs);
  const format = config.choice('data_format', DATA_FORMATS, 'channels_last');
  if (format === 'channels_last' || x.shape.length < 2) return flattened(emitter, x);
  // Channels that come first in the example are put last, and only then all is put in a row.
  const [channels, ...spatial] = x.shape.keys();
  return flattened(emitter, relabelled(x, [...spatial, channels!]));
};

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

const permute: Lowering = (layer, inputs) => {
  const x = layer.single(inputs);
  const dims = (layer.config.integers('dims') ?? []).map((dim) => dim - 1);
  if (dims.toSorted((a, b) => a - b).join() !== [...x.shape.keys()].join())
    throw new GauntletError(
      'MODEL_INVALID',
      `${layer.config.where}: dims must be the axes 1 to ${x.shape.length} in some order, received ` +
        JSON.stringify(layer.config.field('dims')),
    );
  return relabelled(x, dims);
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
