import { permuted } from '../../../tensor/permute.js';
import type { FloatTensor } from '../../../tensor/tensor.js';
import { convolve, convolveTransposed, depthwiseFilterOf, filterOf } from '../convolution.js';
import { asImage, fromImage } from '../image.js';
import { runtime, type Blocks, type Runtime } from '../operand.js';
import { fitting, padded, placed, type PlacedWindow } from '../window.js';
import { fusedOf } from './fused.js';
import type { Operation, OpLowering } from './operation.js';

/** Settings that TensorFlow has for every axis, as those of height and width. */
export function perSpatialAxis(operation: Operation, name: string): readonly number[] {
  const all = operation.attributes.integers(name);
  if (all.length === 0) return [1, 1];
  const [batch, height, width, channels] = all;
  if (batch !== 1 || channels !== 1 || height === undefined || width === undefined)
    return operation.unsupported(`${name} is [${all.join(', ')}]; supported is [1, height, width, 1]`);
  return [height, width];
}

/** TensorFlow.js computes with channels last alone. */
export function requireChannelsLast(operation: Operation): void {
  const format = operation.attributes.word('data_format', 'NHWC');
  if (format !== 'NHWC') operation.unsupported(`data_format is ${format}; supported is NHWC`);
}

/** A convolution whose filter is in the file. */
const convolution =
  (arrange: (tensor: FloatTensor) => FloatTensor, groupsOf: (channels: number) => number): OpLowering =>
  (operation) => {
    requireChannelsLast(operation);
    const { emitter } = operation;
    const given = operation.runtime(0, 3);
    const image = asImage(emitter, given.value, 'channels_last');
    const filter = operation.floats(1);
    const arranged = arrange(filter.tensor);
    const anywhere = windowOf(operation, arranged.dims.slice(2), image.spatial, given.blocks);
    const window = fitting(anywhere, image.spatial, operation.attributes.where);
    const fused = fusedOf(operation);
    const product = {
      weight: operation.constant(filter, () => arranged),
      channels: arranged.dims[0]!,
      groups: groupsOf(image.channels),
      ...(fused.bias !== undefined && { bias: operation.constant(operation.floats(fused.bias)) }),
    };
    const value = fromImage(convolve(emitter, image, product, window), 'channels_last');
    const result = { kind: 'runtime', value: fused.after(value) } as const;
    return given.blocks === undefined
      ? result
      : { ...result, blocks: { ...given.blocks, paddings: NO_PADDING } };
  };

const NO_PADDING = [
  [0, 0],
  [0, 0],
] as const;

/** Where the filter is laid on the image. Inside blocks it has holes as large as these, and their padding. */
function windowOf(
  operation: Operation,
  kernel: readonly number[],
  spatial: readonly number[],
  blocks: Blocks | undefined,
): PlacedWindow {
  const strides = perSpatialAxis(operation, 'strides');
  const dilations = perSpatialAxis(operation, 'dilations');
  const padding = operation.attributes.word('padding', 'VALID');
  if (blocks !== undefined) {
    if (padding !== 'VALID' || [...strides, ...dilations].some((step) => step !== 1))
      return operation.unsupported(
        'between SpaceToBatchND and BatchToSpaceND it must have padding VALID and stride 1',
      );
    const [begin, end] = [
      blocks.paddings.map(([before]) => before),
      blocks.paddings.map(([, after]) => after),
    ];
    return padded({ kernel, strides, dilations: blocks.size }, spatial, begin, end);
  }
  const window = { kernel, strides, dilations };
  switch (padding) {
    case 'VALID':
      return placed(window, spatial, 'valid');
    case 'SAME':
      return placed(window, spatial, 'same');
    case 'EXPLICIT': {
      const amounts = operation.attributes.integers('explicit_paddings').slice(2, 6);
      const [top = 0, bottom = 0, left = 0, right = 0] = amounts;
      return padded(window, spatial, [top, left], [bottom, right]);
    }
    default:
      return operation.unsupported(`padding is ${padding}`);
  }
}

/** The transpose of a convolution from images of the size that input 0 says. */
const transposed: OpLowering = (operation) => {
  requireChannelsLast(operation);
  const { emitter, inputs } = operation;
  const image = asImage(emitter, operation.value(2, 3), 'channels_last');
  const filter = operation.floats(1);
  const [sizes] = inputs;
  const [, ...shape] = sizes?.kind === 'integers' ? sizes.values : [];
  const spatial = shape.slice(0, 2);
  if (!spatial.every((size) => typeof size === 'number') || spatial.length < 2)
    return operation.unsupported('input 0 must be a shape that is known but for the batch');
  const arranged = permuted(filter.tensor, [3, 2, 0, 1]);
  const window = windowOf(operation, arranged.dims.slice(2), spatial, undefined);
  if (window.dilations.some((dilation) => dilation !== 1)) operation.unsupported('it is dilated');
  if (window.output.join() !== image.spatial.join())
    return operation.unsupported(`it makes [${spatial.join(', ')}] of [${image.spatial.join(', ')}]`);
  const product = { weight: operation.constant(filter, () => arranged), channels: arranged.dims[1]! };
  return runtime(fromImage(convolveTransposed(emitter, image, product, window, spatial), 'channels_last'));
};

/** The image is remembered with the holes of the convolution that follows. */
const spaceToBatch: OpLowering = (operation): Runtime => ({
  ...runtime(operation.value(0, 3)),
  blocks: { size: pairOf(operation, 1), paddings: marginsOf(operation, 2) },
});

const batchToSpace: OpLowering = (operation) => {
  const { emitter } = operation;
  const { value, blocks } = operation.runtime(0, 3);
  const size = pairOf(operation, 1);
  if (blocks?.size.join() !== size.join() || blocks.paddings.flat().some((amount) => amount !== 0))
    return operation.unsupported(
      'there must be one SpaceToBatchND before it, of the same block size, and a convolution between',
    );
  const crops = marginsOf(operation, 2);
  if (crops.flat().every((amount) => amount === 0)) return runtime(value);
  const image = asImage(emitter, value, 'channels_last');
  const starts = crops.map(([before]) => before);
  const ends = image.spatial.map((length, axis) => length - crops[axis]![1]);
  const slice = [starts, ends, [2, 3]].map((values) => emitter.ints(values));
  const spatial = ends.map((end, axis) => end - starts[axis]!);
  return runtime(
    fromImage({ ...image, name: emitter.add('Slice', [image.name, ...slice]), spatial }, 'channels_last'),
  );
};

/** Two whole numbers, for height and width. */
export function pairOf(operation: Operation, index: number): readonly number[] {
  const pair = operation.integers(index);
  return pair.length === 2 ? pair : operation.unsupported(`input ${index} must be for height and width`);
}

/** Amounts before and after height and width. */
function marginsOf(operation: Operation, index: number): (readonly [number, number])[] {
  const [top, bottom, left, right] = operation.integers(index);
  if (top === undefined || bottom === undefined || left === undefined || right === undefined)
    return operation.unsupported(`input ${index} must be for height and width`);
  return [
    [top, bottom],
    [left, right],
  ];
}

const plain = convolution(filterOf, () => 1);
const depthwise = convolution(depthwiseFilterOf, (channels) => channels);

/** Convolutions, and what dilated ones are written with. */
export const convolutionOps: Readonly<Record<string, OpLowering>> = {
  BatchToSpaceND: batchToSpace,
  Conv2D: plain,
  Conv2DBackpropInput: transposed,
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2dNative: depthwise,
  SpaceToBatchND: spaceToBatch,
  _FusedConv2D: plain,
};
