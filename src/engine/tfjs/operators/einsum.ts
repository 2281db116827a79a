import { elementCount } from '../../../tensor/tensor.js';
import { tf } from '../tf.js';

/** A tensor with a letter for each of its axes. */
interface Lettered {
  readonly tensor: tf.Tensor;
  readonly letters: readonly string[];
}

/** Letters that no equation uses, for the axes an ellipsis stands for, the last one first. */
const ELLIPSIS = ['9', '8', '7', '6', '5', '4', '3', '2', '1', '0'];

/** A product of tensors summed over axes, as matrix products of two at a time: TensorFlow.js's own has no gradient. */
export function einsum(equation: string, tensors: readonly tf.Tensor[]): tf.Tensor {
  const [left, right] = equation.replaceAll(' ', '').split('->') as [string, string?];
  const operands = left.split(',').map((term, i) => letter(term, tensors[i]!));
  const wanted = right === undefined ? implicitResult(operands) : expand(right, ellipsisOf(operands));
  const result = operands.reduce((a, b, i) => {
    const later = operands.slice(i + 1).flatMap(({ letters }) => letters);
    return multiply(a, b, new Set([...wanted, ...later]));
  });
  const summed = sumOut(result, new Set(wanted));
  return tf.transpose(
    summed.tensor,
    wanted.map((each) => summed.letters.indexOf(each)),
  );
}

function letter(term: string, tensor: tf.Tensor): Lettered {
  const named = term.replace('...', '').length;
  return { tensor, letters: expand(term, ELLIPSIS.slice(0, tensor.rank - named).toReversed()) };
}

const expand = (term: string, ellipsis: readonly string[]): string[] => {
  const at = term.indexOf('...');
  const [before, after] = at < 0 ? [term, ''] : [term.slice(0, at), term.slice(at + 3)];
  return [...Array.from(before), ...(at < 0 ? [] : ellipsis), ...Array.from(after)];
};

/** The axes of the longest ellipsis, in order. */
const ellipsisOf = (operands: readonly Lettered[]): string[] => {
  const used = new Set(operands.flatMap(({ letters }) => letters));
  return ELLIPSIS.filter((each) => used.has(each)).toReversed();
};

/** Without an arrow: the ellipsis, then the letters that occur once, in alphabetical order. */
function implicitResult(operands: readonly Lettered[]): string[] {
  const all = operands.flatMap(({ letters }) => letters);
  const once = all.filter(
    (each) => !ELLIPSIS.includes(each) && all.filter((other) => other === each).length === 1,
  );
  return [...ellipsisOf(operands), ...once.sort()];
}

/** Sums over the axes whose letters are not kept. */
function sumOut({ tensor, letters }: Lettered, kept: ReadonlySet<string>): Lettered {
  const axes = letters.flatMap((each, i) => (kept.has(each) ? [] : [i]));
  if (axes.length === 0) return { tensor, letters };
  return { tensor: tf.sum(tensor, axes), letters: letters.filter((each) => kept.has(each)) };
}

function multiply(a: Lettered, b: Lettered, kept: ReadonlySet<string>): Lettered {
  const x = sumOut(a, new Set([...kept, ...b.letters]));
  const y = sumOut(b, new Set([...kept, ...a.letters]));
  const common = x.letters.filter((each) => y.letters.includes(each));
  const batch = common.filter((each) => kept.has(each));
  const contracted = common.filter((each) => !kept.has(each));
  const own = ({ letters }: Lettered): string[] => letters.filter((each) => !common.includes(each));
  const size = (name: string): number =>
    Math.max(...[x, y].map(({ tensor, letters }) => tensor.shape[letters.indexOf(name)] ?? 1));
  const sizes = (names: readonly string[]): number[] => names.map(size);
  const matrix = ({ tensor, letters }: Lettered, order: readonly (readonly string[])[]): tf.Tensor => {
    const flat = order.flat();
    const turned = tf.transpose(
      tensor,
      flat.map((each) => letters.indexOf(each)),
    );
    // An axis of one element stands for as many as the other operand has.
    const full = tf.broadcastTo(turned, sizes(flat));
    return tf.reshape(
      full,
      order.map((names) => elementCount(sizes(names))),
    );
  };
  const product = tf.matMul(matrix(x, [batch, own(x), contracted]), matrix(y, [batch, contracted, own(y)]));
  const letters = [...batch, ...own(x), ...own(y)];
  return { tensor: tf.reshape(product, sizes(letters)), letters };
}
