import { int, ints } from '../../../graph/builder.js';
import { asImage, fromImage } from '../image.js';
import { runtime } from '../operand.js';
import { storedAxis, type Value } from '../value.js';
import { fitting, PADDINGS, placed, windowAttributes } from '../window.js';
import { perSpatialAxis, requireChannelsLast } from './convolution.js';
import type { Operation, OpLowering } from './operation.js';

/** Padding is left out of maxima and means alike. */
const pooling =
  (op: 'MaxPool' | 'AveragePool'): OpLowering =>
  (operation) => {
    requireChannelsLast(operation);
    const { emitter } = operation;
    const image = asImage(emitter, operation.value(0, 3), 'channels_last');
    const kernel = perSpatialAxis(operation, 'ksize');
    const word = operation.attributes.word('padding', 'VALID').toLowerCase();
    const padding = PADDINGS.find((one) => one === word);
    if (padding === undefined)
      return operation.unsupported(`padding is ${word}; supported are VALID and SAME`);
    const strides = perSpatialAxis(operation, 'strides');
    const anywhere = placed({ kernel, strides, dilations: [1, 1] }, image.spatial, padding);
    const window = fitting(anywhere, image.spatial, operation.attributes.where);
    const name = emitter.add(op, [image.name], windowAttributes(window));
    return runtime(fromImage({ name, channels: image.channels, spatial: window.output }, 'channels_last'));
  };

/** Over some axes of the example; over those of an image as a pooling. */
const reduction =
  (op: 'ReduceMean' | 'ReduceSum' | 'ReduceMax' | 'ReduceMin', pool?: string): OpLowering =>
  (operation) => {
    const { emitter, attributes } = operation;
    const x = operation.value(0);
    const rank = x.shape.length;
    const axes = operation.integers(1).map((axis) => operation.axis(axis, rank));
    if (axes.length === 0) return runtime(x);
    const keep = attributes.flag('keep_dims') || attributes.flag('keepdims');
    const sorted = x.elements === undefined ? x : emitter.natural(x);
    const isSpatial = rank === 3 && axes.toSorted().join() === '0,1' && sorted.order[0] === 2;
    const reduced: Value = {
      ...sorted,
      name:
        pool !== undefined && isSpatial
          ? emitter.add(pool, [sorted.name])
          : reduce(operation, op, sorted, axes),
      shape: sorted.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)),
    };
    return runtime(keep ? reduced : emitter.squeezed(reduced, axes));
  };

function reduce({ emitter }: Operation, op: string, x: Value, axes: readonly number[]): string {
  const stored = axes.map((axis) => storedAxis(x, axis)).sort((a, b) => a - b);
  return op === 'ReduceSum'
    ? emitter.add(op, [x.name, emitter.ints(stored)], { keepdims: int(1) })
    : emitter.add(op, [x.name], { axes: ints(stored), keepdims: int(1) });
}

/** Poolings, and reductions of whole axes. */
export const poolingOps: Readonly<Record<string, OpLowering>> = {
  AvgPool: pooling('AveragePool'),
  Max: reduction('ReduceMax', 'GlobalMaxPool'),
  MaxPool: pooling('MaxPool'),
  Mean: reduction('ReduceMean', 'GlobalAveragePool'),
  Min: reduction('ReduceMin'),
  Sum: reduction('ReduceSum'),
};
