import { floatTensor, elementCount } from '../../tensor/tensor.js';
import type { InferredDim } from '../ir.js';
import { blocked } from './blocked.js';
import type { RuleContext } from './rule.js';

/** The axes `from, ..., to - 1`. */
export const axisRange = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

/** `axis` counted from the front, for a tensor of `rank` axes. */
export const normalizeAxis = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** Whether two dimensions are the same at every batch size. */
export function sameDim(a: InferredDim | undefined, b: InferredDim | undefined): boolean {
  if (typeof a === 'object' && typeof b === 'object') return a.batch === b.batch;
  return a === b;
}

/** Number of elements; where dimensions depend on the batch size, so does it, and its factor is that of one of them. */
export function productOf(dims: readonly InferredDim[]): InferredDim {
  return dims.reduce<InferredDim>((product, dim) => {
    if (typeof product === 'number' && typeof dim === 'number') return product * dim;
    const factor = (value: InferredDim): number => (typeof value === 'number' ? value : value.batch);
    return { batch: factor(product) * factor(dim) };
  }, 1);
}

/**
 * Emits a Reshape of `value` to the given shape.
 * @throws GauntletError GRADIENT_BLOCKED where more than one dimension depends on the batch size
 */
export function reshape(context: RuleContext, value: string, dims: readonly InferredDim[]): string {
  const shape = dims.map((dim) => (typeof dim === 'number' ? dim : -1));
  if (shape.filter((dim) => dim === -1).length > 1)
    throw blocked(context.node, 'several of its dimensions depend on the batch size');
  return context.builder.add('Reshape', [value, context.builder.ints(shape)]);
}

/** Emits a Reshape of `value` to the shape of the value `like`, at any batch size. */
export function reshapeLike(context: RuleContext, value: string, like: string): string {
  const dims = context.dims(like);
  if (dims.filter((dim) => typeof dim !== 'number').length <= 1) return reshape(context, value, dims);
  return context.builder.add('Reshape', [value, context.builder.add('Shape', [like])]);
}

/** Emits float32 zeros of the shape that `like` has at run time. */
export function zerosLike(context: Pick<RuleContext, 'builder'>, like: string): string {
  return context.builder.add('ConstantOfShape', [context.builder.add('Shape', [like])]);
}

/** A float32 initializer of the given shape with every element `value`. */
export function filled(context: RuleContext, dims: readonly number[], value: number): string {
  const data = new Float32Array(elementCount(dims)).fill(value);
  return context.builder.initializer('const_filled', floatTensor(data, [...dims]));
}
