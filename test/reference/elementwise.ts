import { numberOf, required, sizeOf, stridesOf, type Operator, type RefTensor } from './tensor.js';

/** NumPy's broadcast shape of several shapes. */
export function broadcastDims(...shapes: (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((dims) => dims.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((dims) => dims[axis - rank + dims.length] ?? 1).filter((size) => size !== 1);
    if (new Set(sizes).size > 1) throw new Error(`shapes do not broadcast: ${JSON.stringify(shapes)}`);
    return sizes[0] ?? 1;
  });
}

/** For each element of a tensor of shape `to`, the position it reads in one of shape `from`. */
function broadcastPositions(from: readonly number[], to: readonly number[]): Int32Array {
  const strides = stridesOf(from).map((stride, axis) => (from[axis] === 1 ? 0 : stride));
  const shift = to.length - from.length;
  const steps = stridesOf(to);
  return Int32Array.from({ length: sizeOf(to) }, (_, flat) =>
    strides.reduce((sum, stride, axis) => {
      const index = Math.floor(flat / steps[axis + shift]!) % to[axis + shift]!;
      return sum + stride * index;
    }, 0),
  );
}

export function broadcast(tensor: RefTensor, dims: readonly number[]): RefTensor {
  if (sizeOf(tensor.dims) === sizeOf(dims)) return { dims, data: tensor.data };
  const positions = broadcastPositions(tensor.dims, dims);
  return { dims, data: Float64Array.from(positions, (position) => tensor.data[position]!) };
}

/** An operator that combines its inputs element by element, after broadcasting. */
export const combining =
  (combine: (...values: number[]) => number): Operator =>
  (inputs) => {
    const present = inputs.filter((input) => input !== undefined);
    const dims = broadcastDims(...present.map((input) => input.dims));
    const tensors = present.map((input) => broadcast(input, dims));
    const data = new Float64Array(sizeOf(dims));
    const values = new Array<number>(tensors.length);
    for (let i = 0; i < data.length; i++) {
      for (let k = 0; k < values.length; k++) values[k] = tensors[k]!.data[i]!;
      data[i] = combine(...values);
    }
    return [{ dims, data }];
  };

/** An operator on every element of one input. */
export const mapping =
  (map: (value: number, attribute: (name: string, fallback: number) => number) => number): Operator =>
  (inputs, node) => {
    const { dims, data } = required(inputs, 0);
    const attribute = (name: string, fallback: number) => numberOf(node, name, fallback);
    return [{ dims, data: data.map((value) => map(value, attribute)) }];
  };

const truth = (condition: boolean): number => (condition ? 1 : 0);

/** The error function, as 2/sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (2n+1)!!: no term cancels another. */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** The remainder has the sign of the dividend with fmod, else that of the divisor. */
const modulo: Operator = (inputs, node) =>
  combining(numberOf(node, 'fmod', 0) === 1 ? (a, b) => a % b : (a, b) => a - b * Math.floor(a / b))(
    inputs,
    node,
  );

/** Clip's bounds are optional inputs. */
const clip: Operator = (inputs) => {
  const { dims, data } = required(inputs, 0);
  const lower = inputs[1]?.data[0] ?? -Infinity;
  const upper = inputs[2]?.data[0] ?? Infinity;
  return [{ dims, data: data.map((value) => Math.min(Math.max(value, lower), upper)) }];
};

/** To integers and booleans values are truncated; between floats nothing changes in float64. */
const cast: Operator = (inputs, node) => {
  const { dims, data } = required(inputs, 0);
  const to = numberOf(node, 'to', 1);
  const floats = [1, 10, 11, 16];
  const convert =
    to === 9 ? (x: number) => truth(x !== 0) : floats.includes(to) ? (x: number) => x : Math.trunc;
  return [{ dims, data: data.map((value) => convert(value)) }];
};

const dropout: Operator = (inputs) => {
  if (inputs[2]?.data[0] === 1) throw new Error('Dropout in training mode has no fixed value');
  const input = required(inputs, 0);
  return [input, { dims: input.dims, data: input.data.map(() => 1) }];
};

export const elementwise: Readonly<Record<string, Operator>> = {
  Add: combining((a, b) => a + b),
  Sum: combining((...values) => values.reduce((sum, value) => sum + value, 0)),
  Sub: combining((a, b) => a - b),
  Mul: combining((a, b) => a * b),
  Div: combining((a, b) => a / b),
  Pow: combining((a, b) => a ** b),
  Mean: combining((...values) => values.reduce((sum, value) => sum + value, 0) / values.length),
  Mod: modulo,
  Max: combining((...values) => Math.max(...values)),
  Min: combining((...values) => Math.min(...values)),
  Where: combining((condition, a, b) => (condition !== 0 ? a : b)),
  Xor: combining((a, b) => truth((a !== 0) !== (b !== 0))),
  Equal: combining((a, b) => truth(a === b)),
  Greater: combining((a, b) => truth(a > b)),
  GreaterOrEqual: combining((a, b) => truth(a >= b)),
  Less: combining((a, b) => truth(a < b)),
  LessOrEqual: combining((a, b) => truth(a <= b)),
  And: combining((a, b) => truth(a !== 0 && b !== 0)),
  Or: combining((a, b) => truth(a !== 0 || b !== 0)),
  Not: mapping((x) => truth(x === 0)),
  Identity: mapping((x) => x),
  Neg: mapping((x) => -x),
  Abs: mapping(Math.abs),
  Sign: mapping(Math.sign),
  Exp: mapping(Math.exp),
  Log: mapping(Math.log),
  Sqrt: mapping(Math.sqrt),
  Reciprocal: mapping((x) => 1 / x),
  Floor: mapping(Math.floor),
  Ceil: mapping(Math.ceil),
  Erf: mapping(erf),
  Sin: mapping(Math.sin),
  Cos: mapping(Math.cos),
  Tan: mapping(Math.tan),
  Asin: mapping(Math.asin),
  Acos: mapping(Math.acos),
  Atan: mapping(Math.atan),
  Sinh: mapping(Math.sinh),
  Cosh: mapping(Math.cosh),
  Asinh: mapping(Math.asinh),
  Acosh: mapping(Math.acosh),
  Atanh: mapping(Math.atanh),
  Clip: clip,
  Cast: cast,
  Dropout: dropout,
};
