/** Where the examples of a batch are told apart in a value. */
export interface BatchAxis {
  /** Axis that grows with the batch. */
  readonly axis: number;
  /** Length of that axis at a batch of 1; more than 1 where the batch was merged with another axis. */
  readonly size: number;
  /** Part of `size` that is counted outside of the batch: 1 when examples follow one another as blocks. */
  readonly outside: number;
  /** Product of the dimensions before the axis. */
  readonly before: number;
  /** The value has an axis in front that it does not have at a batch of 1, where the file drops it. */
  readonly shifted: boolean;
}

/** Elements that are counted outside of the batch, in row-major order; no reshape changes it. */
export const prefix = ({ before, outside }: BatchAxis): number => before * outside;

const product = (dims: readonly number[]): number => dims.reduce((total, dim) => total * dim, 1);

/**
 * Finds the batch by comparing a value's shape at a batch of 1 and of 2.
 * @param outside how much of a merged axis is counted outside of the batch
 * @returns undefined where the shapes are equal, and where they differ in another way than by one doubled axis
 */
export function findBatchAxis(
  single: readonly number[],
  double: readonly number[],
  outside: number,
): BatchAxis | undefined {
  if (double.length === single.length + 1 && double[0] === 2 && double.slice(1).join() === single.join())
    return { axis: 0, size: 1, outside: 1, before: 1, shifted: true };
  if (single.length !== double.length) return undefined;
  const grown = single.flatMap((dim, axis) => (dim === double[axis] ? [] : [axis]));
  const [axis] = grown;
  if (axis === undefined || grown.length > 1 || double[axis] !== 2 * single[axis]!) return undefined;
  const size = single[axis]!;
  const before = product(single.slice(0, axis));
  return { axis, size, outside: size % outside === 0 ? outside : 1, before, shifted: false };
}

/**
 * The axis of a reshape's result that grows with the batch, where the file says what the result is at a batch of 1. Row-major
 * order tells it but for axes of length 1 and for the choice between the end of one axis and the begin of the next: a
 * dimension of 1 is taken for the batch, and the last axis, that of the features, is not.
 * @returns undefined when the order does not fit the shape
 */
export function placeOf(from: BatchAxis, to: readonly number[]): number | undefined {
  const wanted = prefix(from);
  if (to.length === 0 || to.includes(0)) return undefined;
  const before = to.map((_, axis) => product(to.slice(0, axis)));
  const fitting = to.flatMap((_, axis) => (before[axis] === wanted ? [axis] : []));
  const ones = fitting.filter((axis) => to[axis] === 1);
  if (!from.shifted && ones.includes(from.axis)) return from.axis;
  if (ones.length > 0) return ones[0];
  const [first] = fitting;
  if (first !== undefined && (first === 0 || first < to.length - 1)) return first;
  // Within an axis, or at its end.
  const inside = before.findLastIndex((count) => count < wanted);
  return inside >= 0 && wanted % before[inside]! === 0 && to[inside]! % (wanted / before[inside]!) === 0
    ? inside
    : undefined;
}
