import { int } from '../../graph/builder.js';
import { permutedPlaces } from '../../tensor/permute.js';
import type { Emitter } from './emitter.js';
import { natural, sameSequence, sizeOf, type Value } from './value.js';

/** All elements in a row, in the order they are stored in: whoever reads the vector sorts its weights instead. */
export function flattened(emitter: Emitter, x: Value): Value {
  if (x.shape.length === 1) return x;
  const size = sizeOf(x);
  const name = emitter.add('Flatten', [x.name], { axis: int(1) });
  const { order } = natural(name, x.shape);
  if (sameSequence(x.shape, x.order, order)) return natural(name, [size]);
  return { name, shape: [size], order: [0], elements: permutedPlaces(x.shape, x.order) };
}

/** The axes in another order: axis `i` of the result is axis `axes[i]`. They change their names and stay where they are. */
export const relabelled = (x: Value, axes: readonly number[]): Value => ({
  ...x,
  shape: axes.map((axis) => x.shape[axis]!),
  order: x.order.map((axis) => axes.indexOf(axis)),
});
