import { elementCount, type Tensor } from './tensor.js';

/**
 * For every element of a tensor whose axes were put in the order `order`, the place of that element in the tensor before.
 * @param dims shape before
 */
export function permutedPlaces(dims: readonly number[], order: readonly number[]): Int32Array {
  const strides = dims.map((_, axis) => elementCount(dims.slice(axis + 1)));
  const sizes = order.map((axis) => dims[axis]!);
  const steps = order.map((axis) => strides[axis]!);
  const places = new Int32Array(elementCount(dims));
  const position = new Int32Array(order.length);
  let place = 0;
  for (let i = 0; i < places.length; i++) {
    places[i] = place;
    for (let axis = order.length - 1; axis >= 0; axis--) {
      place += steps[axis]!;
      if (++position[axis]! < sizes[axis]!) break;
      place -= steps[axis]! * sizes[axis]!;
      position[axis] = 0;
    }
  }
  return places;
}

/** The tensor with its axes in another order: axis `i` of the result is axis `order[i]`. */
export function permuted<T extends Tensor>(tensor: T, order: readonly number[]): T {
  const places = permutedPlaces(tensor.dims, order);
  const data = tensor.data.slice() as Float32Array;
  for (let i = 0; i < data.length; i++) data[i] = (tensor.data as Float32Array)[places[i]!]!;
  return { ...tensor, dims: order.map((axis) => tensor.dims[axis]!), data };
}
