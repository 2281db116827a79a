import { intTensor } from '../../../tensor/tensor.js';
import { int } from '../../builder.js';
import type { Emitter } from './emitter.js';

/** An int64 scalar (shape []). */
export const intScalar = ({ builder }: Emitter, value: number): string =>
  builder.initializer('const_int', intTensor([value], []));

/** Emits `axes`, which may be negative, counted from the front of `x`, whose rank need not be known. */
export function positiveAxes({ emit }: Emitter, x: string, axes: string): string {
  return emit('Mod', [axes, rankOf(emit, x)]);
}

/** Emits the rank of `x`, shape [1]. */
export const rankOf = (emit: Emitter['emit'], x: string): string => emit('Shape', [emit('Shape', [x])]);

/** Emits a copy of a one-dimensional value with `values` at the given places. */
export const withValuesAt = ({ emit }: Emitter, all: string, places: string, values: string): string =>
  emit('ScatterElements', [all, places, values], { axis: int(0) });
