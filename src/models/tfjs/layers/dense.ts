import type { FloatTensor } from '../../../tensor/tensor.js';
import { convolve, filterOf } from '../convolution.js';
import { asImage, fromImage } from '../image.js';
import { withRows } from '../rows.js';
import { isNatural, natural, type Value } from '../value.js';
import { placed } from '../window.js';
import { activated } from './activation.js';
import type { Layer, Lowering } from './layer.js';

/** x kernel + bias along the last axis. */
const dense: Lowering = (layer, inputs) => {
  const x = layer.single(inputs);
  const width = x.shape.at(-1) ?? 0;
  const units = layer.config.count('units');
  const product = x.shape.length === 1 ? ofVector : isNatural(x) ? ofNatural : ofImage;
  return activated(layer, product(layer, x, [width, units]));
};

type Product = (layer: Layer, x: Value, kernel: readonly [width: number, units: number]) => Value;

/** The name of the bias; undefined without one. */
function biasOf(layer: Layer, units: number): string | undefined {
  return layer.config.flag('use_bias', true) ? layer.constant('bias', [units]) : undefined;
}

/** A vector in any order: the rows of the kernel are put into it, once, so that the vector need not be moved. */
const ofVector: Product = (layer, x, kernel) => {
  const { elements } = x;
  const weight = layer.constant(
    'kernel',
    kernel,
    ...(elements === undefined ? [] : [(tensor: FloatTensor) => withRows(tensor, elements)]),
  );
  const bias = biasOf(layer, kernel[1]);
  return natural(layer.emitter.add('Gemm', [x.name, weight, ...(bias === undefined ? [] : [bias])]), [
    kernel[1],
  ]);
};

const ofNatural: Product = (layer, x, kernel) => {
  const { emitter } = layer;
  const product = emitter.add('MatMul', [x.name, layer.constant('kernel', kernel)]);
  const bias = biasOf(layer, kernel[1]);
  const name = bias === undefined ? product : emitter.add('Add', [product, bias]);
  return natural(name, [...x.shape.slice(0, -1), kernel[1]]);
};

/** Every point by itself: a convolution of one tap, which needs no axis moved. */
const ofImage: Product = (layer, x, kernel) => {
  const image = asImage(layer.emitter, x, 'channels_last');
  const ones = image.spatial.map(() => 1);
  const weight = layer.constant('kernel', kernel, pointwise[ones.length] ?? filterOf);
  const bias = biasOf(layer, kernel[1]);
  const window = placed({ kernel: ones, strides: ones, dilations: ones }, image.spatial, 'valid');
  const filter = { weight, channels: kernel[1], ...(bias !== undefined && { bias }) };
  return fromImage(convolve(layer.emitter, image, filter, window), 'channels_last');
};

/** [in, out] as the filter of a convolution in so many spatial axes. */
const pointwise: Readonly<Record<number, (tensor: FloatTensor) => FloatTensor>> = Object.fromEntries(
  [1, 2, 3].map((rank) => [
    rank,
    (tensor) => filterOf({ ...tensor, dims: [...new Array<number>(rank).fill(1), ...tensor.dims] }),
  ]),
);

export const denseLayers: Readonly<Record<string, Lowering>> = { Dense: dense };
