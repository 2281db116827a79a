import type { FloatTensor } from '../../tensor/tensor.js';
import { convolve, filterOf } from './convolution.js';
import type { Emitter } from './emitter.js';
import { asImage, fromImage } from './image.js';
import { isNatural, natural, type Value } from './value.js';
import { placed } from './window.js';

/** A matrix [in, out] that the last axis is multiplied by, and what is added to each of its rows. */
export interface Matrix {
  readonly units: number;
  /** Puts the matrix into the graph, arranged, and gives its name there. */
  readonly weight: (arrange?: (tensor: FloatTensor) => FloatTensor) => string;
  /** Name of the bias. */
  readonly bias?: string | undefined;
}

/** x weight + bias along the last axis of two or more. */
export const alongLast = (emitter: Emitter, x: Value, matrix: Matrix): Value =>
  isNatural(x) ? ofNatural(emitter, x, matrix) : ofImage(emitter, x, matrix);

function ofNatural(emitter: Emitter, x: Value, { units, weight, bias }: Matrix): Value {
  const product = emitter.add('MatMul', [x.name, weight()]);
  const name = bias === undefined ? product : emitter.add('Add', [product, bias]);
  return natural(name, [...x.shape.slice(0, -1), units]);
}

/** Every point by itself: a convolution of one tap, which needs no axis moved. */
function ofImage(emitter: Emitter, x: Value, { units, weight, bias }: Matrix): Value {
  const image = asImage(emitter, x, 'channels_last');
  const ones = image.spatial.map(() => 1);
  const filter = {
    weight: weight(pointwise[ones.length] ?? filterOf),
    channels: units,
    ...(bias !== undefined && { bias }),
  };
  const window = placed({ kernel: ones, strides: ones, dilations: ones }, image.spatial, 'valid');
  return fromImage(convolve(emitter, image, filter, window), 'channels_last');
}

/** [in, out] as the filter of a convolution in so many spatial axes. */
const pointwise: Readonly<Record<number, (tensor: FloatTensor) => FloatTensor>> = Object.fromEntries(
  [1, 2, 3].map((rank) => [
    rank,
    (tensor) => filterOf({ ...tensor, dims: [...new Array<number>(rank).fill(1), ...tensor.dims] }),
  ]),
);
