import { broadcast, broadcastDims } from './elementwise.js';
import {
  at,
  indexOf,
  numberOf,
  required,
  sizeOf,
  tensorFrom,
  textOf,
  type Operator,
  type RefTensor,
} from './tensor.js';

function transpose({ dims, data }: RefTensor): RefTensor {
  const [rows, columns] = dims as [number, number];
  const out = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j]!;
  return { dims: [columns, rows], data: out };
}

/** Adds a (rows x inner) times b (inner x columns) into `out`, each starting at its offset. */
function multiplyInto(
  out: Float64Array,
  outOffset: number,
  a: Float64Array,
  aOffset: number,
  b: Float64Array,
  bOffset: number,
  [rows, inner, columns]: readonly [number, number, number],
): void {
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < inner; k++) {
      const left = a[aOffset + i * inner + k]!;
      for (let j = 0; j < columns; j++)
        out[outOffset + i * columns + j]! += left * b[bOffset + k * columns + j]!;
    }
}

const gemm: Operator = (inputs, node) => {
  const a = numberOf(node, 'transA', 0) === 1 ? transpose(required(inputs, 0)) : required(inputs, 0);
  const b = numberOf(node, 'transB', 0) === 1 ? transpose(required(inputs, 1)) : required(inputs, 1);
  const dims = [a.dims[0]!, b.dims[1]!] as const;
  const product = new Float64Array(sizeOf(dims));
  multiplyInto(product, 0, a.data, 0, b.data, 0, [dims[0], a.dims[1]!, dims[1]]);
  const bias = inputs[2] === undefined ? undefined : broadcast(inputs[2], dims).data;
  const alpha = numberOf(node, 'alpha', 1);
  const beta = numberOf(node, 'beta', 1);
  return [{ dims, data: product.map((value, i) => alpha * value + beta * (bias?.[i] ?? 0)) }];
};

const matMul: Operator = (inputs) => {
  const [first, second] = [required(inputs, 0), required(inputs, 1)];
  const dimsA = first.dims.length === 1 ? [1, ...first.dims] : first.dims;
  const dimsB = second.dims.length === 1 ? [...second.dims, 1] : second.dims;
  const [rows, inner, columns] = [dimsA.at(-2)!, dimsA.at(-1)!, dimsB.at(-1)!] as const;
  const stack = broadcastDims(dimsA.slice(0, -2), dimsB.slice(0, -2));
  const a = broadcast({ dims: dimsA, data: first.data }, [...stack, rows, inner]);
  const b = broadcast({ dims: dimsB, data: second.data }, [...stack, inner, columns]);
  const data = new Float64Array(sizeOf(stack) * rows * columns);
  for (let s = 0; s < sizeOf(stack); s++) {
    const offsets = [s * rows * columns, s * rows * inner, s * inner * columns] as const;
    multiplyInto(data, offsets[0], a.data, offsets[1], b.data, offsets[2], [rows, inner, columns]);
  }
  const dims = [
    ...stack,
    ...(first.dims.length === 1 ? [] : [rows]),
    ...(second.dims.length === 1 ? [] : [columns]),
  ];
  return [{ dims, data }];
};

/** An operand's axis names, those behind an ellipsis counted from the end: "...ij" of rank 4 is [-2, -1, i, j]. */
function axisNames(term: string, rank: number): string[] {
  const [before, after] = term.split('...') as [string, string | undefined];
  if (after === undefined) return Array.from(before);
  const hidden = rank - before.length - after.length;
  const names = Array.from({ length: hidden }, (_, i) => String(i - hidden));
  return [...Array.from(before), ...names, ...Array.from(after)];
}

/** The sum, over every name that the result lacks, of the product of the operands' elements. */
const einsum: Operator = (inputs, node) => {
  const operands = inputs.map((_, i) => required(inputs, i));
  const [left, right] = textOf(node, 'equation', '').replaceAll(' ', '').split('->') as [string, string?];
  const names = left.split(',').map((term, i) => axisNames(term, operands[i]!.dims.length));
  const sizes = new Map<string, number>();
  names.forEach((list, i) => {
    list.forEach((name, axis) => sizes.set(name, Math.max(sizes.get(name) ?? 1, operands[i]!.dims[axis]!)));
  });
  const isHidden = (name: string): boolean => name.startsWith('-');
  const hidden = [...sizes.keys()].filter(isHidden).sort((a, b) => Number(a) - Number(b));
  const once = [...sizes.keys()].filter(
    (name) => !isHidden(name) && names.flat().filter((other) => other === name).length === 1,
  );
  const kept =
    right === undefined
      ? [...hidden, ...once.sort()]
      : axisNames(right, right.replace('...', '').length + hidden.length);
  const summed = [...sizes.keys()].filter((name) => !kept.includes(name));
  const lengths = (list: readonly string[]): number[] => list.map((name) => sizes.get(name)!);
  return [
    tensorFrom(lengths(kept), (outer) => {
      let total = 0;
      for (let i = 0; i < sizeOf(lengths(summed)); i++) {
        const inner = indexOf(i, lengths(summed));
        const place = new Map([...kept, ...summed].map((name, k) => [name, [...outer, ...inner][k]!]));
        total += operands.reduce((product, operand, k) => {
          // An axis of length 1 is broadcast.
          const index = names[k]!.map((name, axis) => Math.min(place.get(name)!, operand.dims[axis]! - 1));
          return product * at(operand, index);
        }, 1);
      }
      return total;
    }),
  ];
};

export const linear: Readonly<Record<string, Operator>> = { Einsum: einsum, Gemm: gemm, MatMul: matMul };
