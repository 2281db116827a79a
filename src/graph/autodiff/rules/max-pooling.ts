import { int } from '../../builder.js';
import { intAttribute, intsAttribute } from '../attributes.js';
import { blocked } from '../blocked.js';
import { positive } from '../masks.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { reshape, reshapeLike, zerosLike } from '../shaping.js';
import { areTiles, windowOf, type Window } from '../window.js';

/**
 * All of a window's gradient goes to its maximum, to the first in row-major order where several are equal, as in
 * PyTorch: equal values are common, every even background gives them.
 */
const maxPool: GradientRule = (context) => {
  const { node } = context;
  if (intAttribute(node, 'storage_order', 0) !== 0) {
    throw blocked(node, 'its indices are in column-major order');
  }
  const window = windowOf(context, intsAttribute(node, 'kernel_shape') ?? []);
  const few = window.kernel.every((size) => size <= LONGEST_TILE);
  return [few && areTiles(window) ? throughTiles(context, window) : throughIndices(context)];
};

/** Above this many elements along an axis of a tile, indices are cheaper than comparing them one by one. */
const LONGEST_TILE = 4;

/**
 * For windows of any kind: ONNX Runtime's own indices of the maxima, counted over the whole batch, say where each gradient
 * goes. Windows may overlap, so gradients are added.
 */
function throughIndices(context: RuleContext): string {
  const { builder, node } = context;
  const input = node.inputs[0]!;
  const indices = builder.addMany('MaxPool', [input], 2, node.attributes)[1]!;
  const flat = (value: string): string => builder.add('Reshape', [value, builder.ints([-1])]);
  const operands = [zerosLike(context, input), indices, context.outputGradients[0]!].map(flat);
  const scattered = builder.add('ScatterElements', operands, {
    axis: int(0),
    reduction: { type: 'string', value: 'add' },
  });
  return reshapeLike(context, scattered, input);
}

/** How the elements along one axis of every tile compare. */
interface Contest {
  /** For element k, 1 where it is greater than all before it; element 0 needs none. */
  readonly leads: readonly string[];
  /** The axis along which the elements of a tile lie, once it is apart from the one that counts tiles, just before it. */
  readonly axis: number;
  /** Shape, without the batch, once the elements are together again. */
  readonly shape: readonly number[];
}

/**
 * For windows that tile the input: half the time of the indices, which ONNX Runtime computes slowly. The maximum is found
 * one axis after the other, last axis first, and the gradient returns on the same way; taking the first row among those
 * with the maximum and then the first element in it is row-major order.
 */
function throughTiles(context: RuleContext, window: Window): string {
  const channels = context.dims(context.node.inputs[0]!)[1] as number;
  const contests: Contest[] = [];
  let value = context.node.inputs[0]!;
  let shape = [channels, ...window.input];
  for (let axis = window.kernel.length - 1; axis >= 0; axis--) {
    if (window.kernel[axis] === 1) continue;
    const { contest, winner } = compete(context, value, shape, axis + 1, window.kernel[axis]!);
    contests.push(contest);
    value = winner;
    shape = shape.with(axis + 1, window.output[axis]!);
  }
  return contests.reduceRight(
    (gradient, contest) => distribute(context, gradient, contest),
    context.outputGradients[0]!,
  );
}

const batched = (shape: readonly number[]) => [{ batch: 1 }, ...shape];

/** Splits tiles of `count` elements along an axis (counted without the batch) and compares their elements in order. */
function compete(context: RuleContext, value: string, shape: readonly number[], axis: number, count: number) {
  const { builder } = context;
  const apart = [...shape.slice(0, axis), shape[axis]! / count, count, ...shape.slice(axis + 1)];
  const tiles = reshape(context, value, batched(apart));
  const sizes = builder.ints(new Array<number>(count).fill(1));
  const splitAxis = axis + 2;
  const [first, ...others] = builder.addMany('Split', [tiles, sizes], count, { axis: int(splitAxis) });
  const leads: string[] = [];
  let winner = first!;
  for (const other of others) {
    leads.push(positive(context, builder.add('Sub', [other, winner])));
    winner = builder.add('Max', [winner, other]);
  }
  return { contest: { leads, axis: splitAxis, shape }, winner };
}

/** Gives each tile's gradient to the last of its elements that led, which is the first maximum. */
function distribute(context: RuleContext, gradient: string, { leads, axis, shape }: Contest): string {
  const { builder } = context;
  const tiles = shape[axis - 2]! / (leads.length + 1);
  let rest = reshape(
    context,
    gradient,
    batched([...shape.slice(0, axis - 2), tiles, 1, ...shape.slice(axis - 1)]),
  );
  const shares: string[] = [];
  for (const lead of leads.toReversed()) {
    const share = builder.add('Mul', [rest, lead]);
    shares.unshift(share);
    rest = builder.add('Sub', [rest, share]);
  }
  const joined = builder.add('Concat', [rest, ...shares], { axis: int(axis) });
  return reshape(context, joined, batched(shape));
}

export const maxPoolingRules: Readonly<Record<string, GradientRule>> = { MaxPool: maxPool };
