import { int } from '../builder.js';
import type { InferredDim } from '../ir.js';
import type { RuleContext } from './rule.js';
import { axisRange, filled, reshape } from './shaping.js';

/** What to add up. */
export interface Summand {
  readonly value: string;
  readonly dims: readonly InferredDim[];
  /** Counted from the front. */
  readonly axes: readonly number[];
}

/** Neighbouring axes that are summed in one go. */
interface Block {
  readonly start: number;
  readonly end: number;
}

/**
 * Emits the mean over the given axes, which are kept as 1, such that the bits of an example's result do not depend on the
 * examples beside it.
 *
 * ONNX Runtime's ReduceSum, ReduceMean and Einsum have no such order of summation: measured over widths 2 to 70, 9 rows at
 * once against 1, 2 and 4 at a time, 50 widths of 69 gave other bits, since partial sums begin where the row's address in
 * memory is a multiple of a vector. Neither has Gemm with a transposed operand. GlobalAveragePool gave the same bits at every
 * width, as did the product with a row of ones (an axis with others after it), 9 rows or 1; the pooling takes the time of
 * ReduceSum (1.0x for 16 x 12 x 197 x 197 over the last axis), where the product with a column of ones takes 2.5x.
 *
 * Where no example has a result of its own, because the batch is summed too or absent, a plain ReduceMean does.
 */
export function meanOver(context: RuleContext, summand: Summand): string {
  const { builder } = context;
  const { value, dims, axes } = summand;
  if (axes.every((axis) => dims[axis] === 1)) return value;
  if (!hasRows(summand)) {
    return builder.add('ReduceMean', [value], { axes: { type: 'ints', value: axes }, keepdims: int(1) });
  }
  const sorted = [...axes].sort((a, b) => a - b);
  return blocksOf(sorted).reduceRight<Summand>(
    (rest, block) => ({ ...rest, value: meanOfBlock(context, rest, block), dims: kept(rest.dims, block) }),
    summand,
  ).value;
}

/** Emits the sum over the given axes, which are kept as 1; see `meanOver`. */
export function sumOver(context: RuleContext, summand: Summand): string {
  const { builder } = context;
  const { value, dims, axes } = summand;
  if (axes.every((axis) => dims[axis] === 1)) return value;
  if (!hasRows(summand)) return builder.add('ReduceSum', [value, builder.ints(axes)]);
  const count = axes.reduce((product, axis) => product * (dims[axis] as number), 1);
  return builder.add('Mul', [meanOver(context, summand), builder.scalar(count)]);
}

/** Whether examples keep results of their own: one axis that is not summed, and only one, grows with the batch. */
function hasRows({ dims, axes }: Summand): boolean {
  const open = axisRange(0, dims.length).filter((axis) => typeof dims[axis] !== 'number');
  return open.length === 1 && !axes.includes(open[0]!);
}

function blocksOf(axes: readonly number[]): Block[] {
  return axes.reduce<Block[]>((blocks, axis) => {
    const last = blocks.at(-1);
    if (last?.end !== axis) return [...blocks, { start: axis, end: axis + 1 }];
    return [...blocks.slice(0, -1), { ...last, end: axis + 1 }];
  }, []);
}

const kept = (dims: readonly InferredDim[], { start, end }: Block): InferredDim[] =>
  dims.map((dim, axis) => (axis >= start && axis < end ? 1 : dim));

function meanOfBlock(context: RuleContext, { value, dims }: Summand, block: Block): string {
  const { builder } = context;
  const { start, end } = block;
  const result = kept(dims, block);
  const count = product(dims.slice(start, end));
  if (count === 1) return value;
  const after = dims.slice(end);
  // Already examples, channels and places to be averaged.
  if (start === 2 && after.length === 0) return builder.add('GlobalAveragePool', [value]);
  if (product(after) === 1) {
    const lines = builder.add('Reshape', [value, builder.ints([1, -1, count])]);
    return reshape(context, builder.add('GlobalAveragePool', [lines]), result);
  }
  const inner = after.every((dim) => typeof dim === 'number') ? product(after) : -1;
  const outer = inner === -1 ? product(dims.slice(0, start)) : -1;
  const stacked = builder.add('Reshape', [value, builder.ints([outer, count, inner])]);
  const share = filled(context, [1, count], 1 / count);
  return reshape(context, builder.add('MatMul', [share, stacked]), result);
}

/** Of fixed dimensions; NaN where one grows with the batch. */
const product = (dims: readonly InferredDim[]): number =>
  dims.reduce<number>((total, dim) => (typeof dim === 'number' ? total * dim : Number.NaN), 1);
