import { int, ints } from '../../graph/builder.js';
import { permuted } from '../../tensor/permute.js';
import type { FloatTensor } from '../../tensor/tensor.js';
import type { Emitter } from './emitter.js';
import type { Image } from './image.js';
import { windowAttributes, type PlacedWindow } from './window.js';

/** TensorFlow's filter [...kernel, in, out] as ONNX's [out, in, ...kernel]. */
export function filterOf(tensor: FloatTensor): FloatTensor {
  const rank = tensor.dims.length;
  return permuted(tensor, [rank - 1, rank - 2, ...spatialAxes(rank)]);
}

/** TensorFlow's depthwise filter [...kernel, in, multiplier] as ONNX's of as many groups as input channels. */
export function depthwiseFilterOf(tensor: FloatTensor): FloatTensor {
  const rank = tensor.dims.length;
  const { data, dims } = permuted(tensor, [rank - 2, rank - 1, ...spatialAxes(rank)]);
  const [channels, multiplier, ...kernel] = dims as [number, number, ...number[]];
  return { type: 'float32', dims: [channels * multiplier, 1, ...kernel], data };
}

const spatialAxes = (rank: number): number[] => Array.from({ length: rank - 2 }, (_, axis) => axis);

/** What a convolution multiplies and adds, as names in the graph. */
export interface Filter {
  readonly weight: string;
  /** One number per output channel. */
  readonly bias?: string;
  readonly channels: number;
  readonly groups?: number;
}

export function convolve(
  emitter: Emitter,
  image: Image,
  { weight, bias, channels, groups = 1 }: Filter,
  window: PlacedWindow,
): Image {
  const inputs = [image.name, weight, ...(bias === undefined ? [] : [bias])];
  const name = emitter.add('Conv', inputs, {
    ...windowAttributes(window),
    dilations: ints(window.dilations),
    group: int(groups),
  });
  return { name, channels, spatial: window.output };
}

/**
 * The transpose of the convolution from images of size `output` to this one, whose window is placed on `output`.
 * @param filter weight [in, out, ...kernel]
 */
export function convolveTransposed(
  emitter: Emitter,
  image: Image,
  { weight, bias, channels }: Filter,
  window: PlacedWindow,
  output: readonly number[],
): Image {
  const reached = image.spatial.map(
    (size, axis) =>
      (size - 1) * window.strides[axis]! + window.kernel[axis]! - window.begin[axis]! - window.end[axis]!,
  );
  const inputs = [image.name, weight, ...(bias === undefined ? [] : [bias])];
  const name = emitter.add('ConvTranspose', inputs, {
    ...windowAttributes(window),
    output_padding: ints(output.map((size, axis) => size - reached[axis]!)),
  });
  return { name, channels, spatial: output };
}
