import { int, string } from '../../../graph/builder.js';
import type { Emitter } from '../emitter.js';
import { asImage, fromImage } from '../image.js';
import { runtime } from '../operand.js';
import { pairOf } from './convolution.js';
import type { Operation, OpLowering } from './operation.js';

/** Amounts before and after every axis; none for the batch. */
function paddingsOf(operation: Operation, rank: number): (readonly [number, number])[] {
  const all = operation.integers(1);
  if (all.length !== 2 * (rank + 1) || all[0] !== 0 || all[1] !== 0)
    return operation.unsupported('input 1 must be a pair of amounts per axis, and none for the batch');
  return Array.from({ length: rank }, (_, axis) => [all[2 * axis + 2]!, all[2 * axis + 3]!] as const);
}

const padding =
  (modeOf: (operation: Operation) => 'constant' | 'reflect'): OpLowering =>
  (operation) => {
    const { emitter, inputs } = operation;
    const given = operation.value(0);
    const x = given.elements === undefined ? given : emitter.natural(given);
    const paddings = paddingsOf(operation, x.shape.length);
    const stored = x.order.map((axis) => paddings[axis]!);
    const pads = [0, ...stored.map(([before]) => before), 0, ...stored.map(([, after]) => after)];
    const mode = modeOf(operation);
    const filling = inputs.length > 2 ? operation.floats(2).tensor.data[0]! : 0;
    const filled = filling === 0 ? [] : [emitter.scalar(filling)];
    const shape = x.shape.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1]);
    return runtime({
      ...emitter.map(x, 'Pad', { mode: string(mode) }, emitter.ints(pads), ...filled),
      shape,
    });
  };

const mirrorMode = (operation: Operation): 'reflect' => {
  const mode = operation.attributes.word('mode', 'REFLECT');
  return mode === 'REFLECT' ? 'reflect' : operation.unsupported(`mode is ${mode}; supported is REFLECT`);
};

/** How ONNX finds the place in the image that a pixel of the result comes from. */
function coordinatesOf({ attributes }: Operation): string {
  if (attributes.flag('align_corners')) return 'align_corners';
  return attributes.flag('half_pixel_centers') ? 'half_pixel' : 'asymmetric';
}

/** Batch and channels as they are, with that height and width. */
function sizes(emitter: Emitter, image: string, spatial: readonly number[]): string {
  const kept = emitter.add('Shape', [image], { end: int(2) });
  return emitter.add('Concat', [kept, emitter.ints(spatial)], { axis: int(0) });
}

const resizing =
  (mode: 'linear' | 'nearest'): OpLowering =>
  (operation) => {
    const { emitter } = operation;
    const image = asImage(emitter, operation.value(0, 3), 'channels_last');
    const spatial = pairOf(operation, 1);
    const coordinates = coordinatesOf(operation);
    const scales = spatial.map((size, axis) => size / image.spatial[axis]!);
    // Scales that are not whole may come out one pixel short once they are rounded.
    const target = scales.every(Number.isInteger)
      ? [operation.numbers('scales', [1, 1, ...scales], [4])]
      : ['', sizes(emitter, image.name, spatial)];
    const name = emitter.add('Resize', [image.name, '', ...target], {
      mode: string(mode),
      coordinate_transformation_mode: string(coordinates),
      nearest_mode: string(coordinates === 'asymmetric' ? 'floor' : 'round_prefer_ceil'),
    });
    return runtime(fromImage({ ...image, name, spatial }, 'channels_last'));
  };

/** Operations that make images larger or smaller. */
export const spatialOps: Readonly<Record<string, OpLowering>> = {
  MirrorPad: padding(mirrorMode),
  Pad: padding(() => 'constant'),
  PadV2: padding(() => 'constant'),
  ResizeBilinear: resizing('linear'),
  ResizeNearestNeighbor: resizing('nearest'),
};
