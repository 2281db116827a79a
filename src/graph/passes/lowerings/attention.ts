import { int, ints } from '../../builder.js';
import type { Node } from '../../ir.js';
import { dataTypes } from '../../onnx/data-type.js';
import { floatOf, intOf, type OpsetRule } from '../opset-rule.js';
import { elementTypeOf } from './element-type.js';
import { emitterWith, type Emitter } from './emitter.js';
import { rotaryEmbedding } from './rotary-embedding.js';

/** Lowest finite float32: a score so low has no weight, and a row of nothing else stays finite. */
const MASKED = -3.4028234663852886e38;

/**
 * softmax(scale Q K^T + mask) V per head (Vaswani et al. 2017), from `[batch, heads, length, size]` or, with the number of heads
 * as an attribute, `[batch, length, heads * size]`. There may be several heads of Q to one of K and V.
 * Caches of keys and values, padding lengths, a soft cap and the scores as an output are not covered.
 */
const attention: OpsetRule = (node, context) => {
  const [q, k, v, mask = '', ...others] = node.inputs as [string, string, string, string?];
  const unsupported =
    [...others, ...node.outputs.slice(1)].some((name) => name !== '') ||
    (floatOf(node, 'softcap') ?? 0) !== 0;
  const maskType = mask === '' ? undefined : elementTypeOf(context.graph, mask);
  const rank = context.ranks.get(q) ?? (intOf(node, 'q_num_heads', 0) > 0 ? 3 : 4);
  if (unsupported || (mask !== '' && maskType !== 'bool' && maskType !== 'float32')) return undefined;

  const emitter = emitterWith(context.builder);
  const { builder, emit } = emitter;
  const headsOf = (value: string, count: string): string =>
    rank === 4 ? value : splitHeads(emitter, value, intOf(node, count, 1));
  const [queries, keys, values] = [
    headsOf(q, 'q_num_heads'),
    headsOf(k, 'kv_num_heads'),
    headsOf(v, 'kv_num_heads'),
  ];
  const grouped = rank === 4 || intOf(node, 'q_num_heads', 1) !== intOf(node, 'kv_num_heads', 1);
  const product = grouped ? groupedProduct(emitter, queries, keys) : plainProduct(emitter);

  const scaled = emit('Mul', [queries, scaleOf(emitter, node, queries)]);
  const scores = product(scaled, emit('Transpose', [keys], { perm: ints([0, 1, 3, 2]) }));
  const biased = maskType === 'float32' ? emit('Add', [scores, mask]) : scores;
  const conditions = [
    ...(maskType === 'bool' ? [mask] : []),
    ...(intOf(node, 'is_causal', 0) === 1 ? [lowerTriangle(emitter, queries, keys)] : []),
  ];
  const masked = conditions.reduce(
    (value, condition) => emit('Where', [condition, value, builder.scalar(MASKED)]),
    biased,
  );
  const mixed = product(emit('Softmax', [masked], { axis: int(-1) }), values);
  if (rank === 4) emit('Identity', [mixed], {}, node.outputs[0]);
  else {
    const together = emit('Transpose', [mixed], { perm: ints([0, 2, 1, 3]) });
    emit('Reshape', [together, builder.ints([0, 0, -1])], {}, node.outputs[0]);
  }
  return emitter.nodes;
};

type Product = (left: string, right: string) => string;

const plainProduct =
  ({ emit }: Emitter): Product =>
  (left, right) =>
    emit('MatMul', [left, right]);

/** Products per head, where each head of the right side serves as many of the left as there are; only reshaping, no copies. */
function groupedProduct({ builder, emit }: Emitter, queries: string, keys: string): Product {
  const sizeAlong = (value: string, axis: number): string =>
    emit('Shape', [value], { start: int(axis), end: int(axis + 1) });
  const [groups, length] = [sizeAlong(keys, 1), sizeAlong(queries, 2)];
  const shape = (...parts: readonly string[]): string => emit('Concat', parts, { axis: int(0) });
  const [same, rest] = [builder.ints([0]), builder.ints([-1])];
  return (left, right) => {
    const stacked = emit('Reshape', [left, shape(same, groups, rest, length, sizeAlong(left, 3))]);
    const product = emit('MatMul', [stacked, emit('Unsqueeze', [right, builder.ints([2])])]);
    return emit('Reshape', [product, shape(same, rest, length, sizeAlong(right, 3))]);
  };
}

/** `[batch, length, heads * size]` to `[batch, heads, length, size]`. */
function splitHeads({ builder, emit }: Emitter, value: string, heads: number): string {
  const split = emit('Reshape', [value, builder.ints([0, 0, heads, -1])]);
  return emit('Transpose', [split], { perm: ints([0, 2, 1, 3]) });
}

/** The attribute, or one over the square root of the size of a head. */
function scaleOf({ builder, emit }: Emitter, node: Node, queries: string): string {
  const given = floatOf(node, 'scale');
  if (given !== undefined) return builder.scalar(given);
  const size = emit('Cast', [emit('Shape', [queries], { start: int(3), end: int(4) })], { to: int(1) });
  return emit('Reciprocal', [emit('Sqrt', [size])]);
}

/** Which keys come no later than a query. */
function lowerTriangle({ builder, emit }: Emitter, queries: string, keys: string): string {
  const lengths = [queries, keys].map((value) => emit('Shape', [value], { start: int(2), end: int(3) }));
  const shape = emit('Concat', lengths, { axis: int(0) });
  const ones = emit('Expand', [builder.scalar(1), shape]);
  return emit('Cast', [emit('Trilu', [ones], { upper: int(0) })], { to: int(dataTypes.bool.code) });
}

/** How to write attention of a later operator set in 17. */
export const attentionLowerings: Readonly<Record<string, OpsetRule>> = {
  Attention: attention,
  RotaryEmbedding: rotaryEmbedding,
};
