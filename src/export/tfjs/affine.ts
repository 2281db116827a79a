import { permutedPlaces } from '../../tensor/permute.js';
import { elementCount, floatTensor, type FloatTensor } from '../../tensor/tensor.js';
import { lastAxis, withLast, type LayerValue, type WrittenLayer } from './layer-value.js';
import type { LayerWriter } from './layer-writer.js';

/** Numbers that are broadcast against the shape of an example, as a constant of the graph is: axes are aligned at the end. */
export interface Term {
  readonly data: ArrayLike<number>;
  readonly dims: readonly number[];
}

export const scalarTerm = (value: number): Term => ({ data: [value], dims: [] });

/** The numbers of a tensor, each mapped in double precision. */
export const mappedTerm = ({ data, dims }: Term, map: (value: number) => number): Term => ({
  data: Float64Array.from(data, map),
  dims,
});

/** Sizes of a term along the axes of an example; undefined where it has one that the example has not. */
export function sizesOf({ dims }: Term, shape: readonly number[]): readonly number[] | undefined {
  const extra = dims.length - shape.length;
  const sizes = shape.map((_, axis) => dims[axis + extra] ?? 1);
  const fits =
    dims.slice(0, Math.max(extra, 0)).every((size) => size === 1) &&
    sizes.every((size, axis) => size === 1 || size === shape[axis]);
  return fits ? sizes : undefined;
}

/** Weights of the layers that an affine map can be multiplied into; their last axes are those of the result. */
const KERNELS: Readonly<Record<string, string>> = {
  Dense: 'kernel',
  Conv2D: 'kernel',
  DepthwiseConv2D: 'depthwise_kernel',
};

/**
 * factor x + offset, both broadcast against the value, which must be as large as they are. Exact up to the rounding of float32: it is
 * multiplied into the layer before, or a BatchNormalization of its own with mean 0 and variance 1.
 * @param foldable whether nothing else reads the value, so that its layer may be changed
 */
export function affine(
  writer: LayerWriter,
  value: LayerValue,
  factor: Term,
  offset: Term,
  foldable: boolean,
): LayerValue {
  const axes = [...value.shape.keys()].filter((axis) =>
    [factor, offset].some((term) => sizesOf(term, value.shape)![axis]! > 1),
  );
  const [axis = lastAxis(value), ...others] = axes;
  if (others.length > 0) return ofElements(writer, value, factor, offset);
  const values = (term: Term, moved: LayerValue): Float64Array => along(term, moved, axis);
  if (foldable && axis === lastAxis(value)) {
    const folded = foldInto(value.layer, values(factor, value), values(offset, value));
    if (folded) return value;
  }
  const moved = axis === lastAxis(value) ? value : writer.ordered(value, withLast(value.order, axis));
  return normalization(writer, moved, values(factor, moved), values(offset, moved));
}

/** One number per element of an axis, in the order that the layer has them. */
function along(term: Term, { shape, flattened }: LayerValue, axis: number): Float64Array {
  const count = sizesOf(term, shape)![axis]!;
  const places = flattened && permutedPlaces(flattened.shape, flattened.order);
  return Float64Array.from(
    { length: shape[axis]! },
    (_, i) => term.data[count === 1 ? 0 : (places?.[i] ?? i)]!,
  );
}

/** Numbers that differ along several axes: the elements are put in a row for them. */
function ofElements(writer: LayerWriter, value: LayerValue, factor: Term, offset: Term): LayerValue {
  const { shape, order } = value;
  const vector = writer.reshaped(value, [elementCount(shape)]);
  const places = permutedPlaces(shape, order);
  const values = (term: Term): Float64Array => {
    const all = expanded(term, shape);
    return Float64Array.from(places, (place) => all[place]!);
  };
  const row = normalization(writer, vector, values(factor), values(offset));
  const target_shape = order.map((axis) => shape[axis]!);
  return { layer: writer.add('Reshape', [row], { target_shape }), shape, order };
}

/** The term with as many elements as the example, in the graph's order. */
function expanded(term: Term, shape: readonly number[]): Float64Array {
  const sizes = sizesOf(term, shape)!;
  const strides = sizes.map((size, axis) => (size === 1 ? 0 : elementCount(sizes.slice(axis + 1))));
  const counts = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
  return Float64Array.from({ length: elementCount(shape) }, (_, i) => {
    const place = shape.reduce(
      (sum, size, axis) => sum + (Math.floor(i / counts[axis]!) % size) * strides[axis]!,
      0,
    );
    return term.data[place]!;
  });
}

function normalization(
  writer: LayerWriter,
  value: LayerValue,
  factor: Float64Array,
  offset: Float64Array,
): LayerValue {
  const vector = (values: Float64Array): FloatTensor =>
    floatTensor(Float32Array.from(values), [values.length]);
  return writer.map(
    value,
    'BatchNormalization',
    { axis: -1, epsilon: 0, center: true, scale: true },
    {
      gamma: vector(factor),
      beta: vector(offset),
      moving_mean: vector(new Float64Array(factor.length)),
      moving_variance: vector(new Float64Array(factor.length).fill(1)),
    },
  );
}

/** Changes the weights of a layer such that its result is mapped; false where the layer has none of that kind. */
function foldInto({ className, config, weights }: WrittenLayer, factor: Float64Array, offset: Float64Array) {
  const isNormalization = className === 'BatchNormalization';
  const [kernel, bias] = isNormalization ? ['gamma', 'beta'] : [KERNELS[className], 'bias'];
  if (kernel === undefined) return false;
  const { data, dims } = weights[kernel]!;
  const channels = factor.length;
  weights[kernel] = floatTensor(
    data.map((value, i) => value * factor[i % channels]!),
    dims,
  );
  const before = weights[bias]?.data;
  if (before === undefined && offset.every((value) => value === 0)) return true;
  const moved = Float32Array.from(factor, (value, i) => (before?.[i] ?? 0) * value + offset[i]!);
  weights[bias] = floatTensor(moved, [channels]);
  if (!isNormalization) config['use_bias'] = true;
  return true;
}
