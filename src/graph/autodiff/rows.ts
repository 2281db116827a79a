import { intTensor } from '../../tensor/tensor.js';
import { int } from '../builder.js';
import { fixedDim } from './blocked.js';
import type { RuleContext } from './rule.js';
import { axisRange, reshapeLike, zerosLike } from './shaping.js';

/** Slices of a tensor, as rows of the matrix that has all its slices as rows. */
export interface Rows {
  /** Int64 value `[count, 1]`: which rows. */
  readonly places: string;
  /** Length of a row. */
  readonly length: number;
}

/**
 * Emits which slices of `data` the tuples along the last axis of `indices` name, as GatherND reads them: the first
 * `batchDims` axes of both are walked together.
 * @throws GauntletError GRADIENT_BLOCKED where a dimension of the data but the first depends on the batch size
 */
export function rowsOf(context: RuleContext, data: string, indices: string, batchDims: number): Rows {
  const { builder, dims } = context;
  const [from, tuples] = [dims(data), dims(indices)];
  const depth = batchDims + fixedDim(context, tuples.at(-1), 'number of indices');
  const product = (start: number): number =>
    axisRange(start, from.length).reduce(
      (size, axis) => size * fixedDim(context, from[axis], `axis ${axis}`),
      1,
    );
  const length = product(depth);
  const stride = (axis: number): number => product(axis + 1) / length;
  const shape = builder.add('Shape', [data]);
  // The remainder by the axis' length is a negative index counted from the front.
  const lengths = builder.add('Slice', [shape, builder.ints([batchDims]), builder.ints([depth])]);
  const steps = builder.ints(axisRange(batchDims, depth).map(stride));
  const terms = builder.add('Mul', [builder.add('Mod', [indices, lengths]), steps]);
  const within = builder.add('ReduceSum', [terms, builder.ints([-1])], { keepdims: int(0) });
  const scalar = (value: number): string => builder.initializer('const_int', intTensor([value], []));
  const places = axisRange(0, batchDims).reduce((sum, axis) => {
    const count = builder.add('Gather', [shape, scalar(axis)]);
    const positions = builder.add('Range', [scalar(0), count, scalar(1)]);
    const column = builder.ints([-1, ...axisRange(axis + 1, tuples.length - 1).map(() => 1)]);
    const start = builder.add('Mul', [positions, scalar(stride(axis))]);
    return builder.add('Add', [sum, builder.add('Reshape', [start, column])]);
  }, within);
  return { places: builder.add('Reshape', [places, builder.ints([-1, 1])]), length };
}

/** Emits zeros of the shape of `data`, to whose given slices those of `values` are added. */
export function addRows(context: RuleContext, data: string, rows: Rows, values: string): string {
  const { builder } = context;
  const matrix = (value: string): string => builder.add('Reshape', [value, builder.ints([-1, rows.length])]);
  const added = matrix(values);
  const places = builder.add('Expand', [rows.places, builder.add('Shape', [added])]);
  // ScatterND would do it directly, but the sum of slices that share a place would depend on the threads.
  const sums = builder.add('ScatterElements', [matrix(zerosLike(context, data)), places, added], {
    axis: int(0),
    reduction: { type: 'string', value: 'add' },
  });
  return reshapeLike(context, sums, data);
}
