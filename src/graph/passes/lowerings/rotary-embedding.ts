import { int } from '../../builder.js';
import { intOf, type OpsetRule } from '../opset-rule.js';
import { emitterWith } from './emitter.js';

/** Beyond the end of every axis. */
const END = Number.MAX_SAFE_INTEGER;

/**
 * Rotates pairs of elements of each head by an angle that grows with the position (Su et al. 2021, RoFormer), from
 * `[batch, heads, length, size]` or, with the number of heads as an attribute, `[batch, length, heads * size]`. A pair is
 * two neighbours if interleaved, else the same places of the two halves. Cosines and sines are given for every position,
 * or in a table that the position ids look up.
 */
export const rotaryEmbedding: OpsetRule = (node, { builder, ranks }) => {
  const [x, cosines, sines, ids = ''] = node.inputs as [string, string, string, string?];
  const heads = intOf(node, 'num_heads', 0);
  const rank = ranks.get(x) ?? (heads > 0 ? 3 : 4);
  if (rank === 3 && heads === 0) return undefined;
  const { nodes, emit } = emitterWith(builder);
  const last = { axis: int(-1) };
  const slice = (value: string, start: number, end: number, step = 1): string =>
    emit('Slice', [value, ...[start, end, -1, step].map((number) => builder.ints([number]))]);

  // The heads are an axis of their own either way; the angles, the same for all, have length 1 there.
  const split = rank === 4 ? x : emit('Reshape', [x, builder.ints([0, 0, heads, -1])]);
  const angles = (table: string): string =>
    emit('Unsqueeze', [
      ids === '' ? table : emit('Gather', [table, ids]),
      builder.ints([rank === 4 ? 1 : 2]),
    ]);
  const [cosine, sine] = [angles(cosines), angles(sines)];
  const width = intOf(node, 'rotary_embedding_dim', 0);
  const rotated = width === 0 ? split : slice(split, 0, width);
  const interleaved = intOf(node, 'interleaved', 0) === 1;
  const [first, second] = interleaved
    ? [slice(rotated, 0, END, 2), slice(rotated, 1, END, 2)]
    : halves(rotated);

  const times = (a: string, b: string): string => emit('Mul', [a, b]);
  const real = emit('Sub', [times(first, cosine), times(second, sine)]);
  const imaginary = emit('Add', [times(first, sine), times(second, cosine)]);
  const together = interleaved ? braided(real, imaginary) : emit('Concat', [real, imaginary], last);
  const whole = width === 0 ? together : emit('Concat', [together, slice(split, width, END)], last);
  if (rank === 4) emit('Identity', [whole], {}, node.outputs[0]);
  else emit('Reshape', [whole, builder.ints([0, 0, -1])], {}, node.outputs[0]);
  return nodes;

  function halves(value: string): [string, string] {
    const size = emit('Shape', [value], { start: int(3), end: int(4) });
    const half = emit('Div', [size, builder.ints([2])]);
    const [zero, axis] = [builder.ints([0]), builder.ints([-1])];
    return [emit('Slice', [value, zero, half, axis]), emit('Slice', [value, half, size, axis])];
  }

  function braided(a: string, b: string): string {
    const pairs = [a, b].map((value) => emit('Unsqueeze', [value, builder.ints([-1])]));
    return emit('Reshape', [emit('Concat', pairs, last), builder.ints([0, 0, 0, -1])]);
  }
};
