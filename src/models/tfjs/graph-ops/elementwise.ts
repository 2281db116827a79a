import { float } from '../../../graph/builder.js';
import { permuted } from '../../../tensor/permute.js';
import { floatTensor, type FloatTensor } from '../../../tensor/tensor.js';
import { aligned, broadcast, shapesOf } from '../align.js';
import { clipped, normalised } from '../activations.js';
import type { Emitter } from '../emitter.js';
import { runtime, type Floats, type Operand } from '../operand.js';
import type { Value } from '../value.js';
import { folded, type Fold } from './fold.js';
import type { Operation, OpLowering } from './operation.js';

/** What is done to each element, in the graph and to constants. */
interface Unary {
  readonly emit: (emitter: Emitter, x: Value, operation: Operation) => Value;
  readonly fold?: (x: number) => number;
}

const operator = (op: string, fold?: Unary['fold']): Unary => ({
  emit: (emitter, x) => emitter.map(x, op),
  ...(fold && { fold }),
});

const unaryOps: Readonly<Record<string, Unary>> = {
  Abs: operator('Abs'),
  Elu: operator('Elu'),
  Exp: operator('Exp'),
  LeakyRelu: {
    emit: (emitter, x, { attributes }) =>
      emitter.map(x, 'LeakyRelu', { alpha: float(attributes.number('alpha', 0.2)) }),
  },
  Log: operator('Log'),
  LogSoftmax: { emit: (emitter, x) => normalised(emitter, x, 'LogSoftmax') },
  Neg: operator('Neg', (x) => -x),
  Relu: operator('Relu'),
  Relu6: { emit: (emitter, x) => clipped(emitter, x, 0, 6) },
  Rsqrt: {
    emit: (emitter, x) => emitter.map(emitter.map(x, 'Sqrt'), 'Reciprocal'),
    fold: (x) => 1 / Math.sqrt(x),
  },
  Selu: {
    emit: (emitter, x) =>
      emitter.map(x, 'Selu', { alpha: float(1.6732632423543772), gamma: float(1.0507009873554805) }),
  },
  Sigmoid: operator('Sigmoid'),
  Softmax: { emit: (emitter, x) => normalised(emitter, x, 'Softmax') },
  Softplus: operator('Softplus'),
  Sqrt: operator('Sqrt', Math.sqrt),
  Square: { emit: (emitter, x) => emitter.map(x, 'Mul', {}, x.name), fold: (x) => x * x },
  Tanh: operator('Tanh'),
};

/** Functions of one element. */
export const unary: ReadonlyMap<string, Unary> = new Map(Object.entries(unaryOps));

const lowerUnary =
  ({ emit, fold }: Unary): OpLowering =>
  (operation) => {
    const [input] = operation.inputs;
    if (input?.kind === 'floats' && fold !== undefined)
      return { ...input, tensor: { ...input.tensor, data: input.tensor.data.map(fold) } };
    const given = operation.runtime(0);
    return { ...given, value: emit(operation.emitter, given.value, operation) };
  };

/** A constant beside a value: in its order, with axes of length 1 in front. */
export function beside(
  operation: Operation,
  { name, tensor }: Floats,
  x: Value,
): { name: string; shape: number[] } {
  const rank = x.shape.length;
  const dims = tensor.dims.length === rank + 1 && tensor.dims[0] === 1 ? tensor.dims.slice(1) : tensor.dims;
  if (dims.length > rank) return operation.unsupported(`cannot combine ${shapesOf([x.shape, tensor.dims])}`);
  const shape = [...new Array<number>(rank - dims.length).fill(1), ...dims];
  if (tensor.data.length === 1) return { name: operation.emitter.scalar(tensor.data[0]!), shape };
  const stored = asStored(floatTensor(tensor.data, shape), x);
  return { name: operation.emitter.constant(name, stored), shape };
}

function asStored(tensor: FloatTensor, { order, elements }: Value): FloatTensor {
  if (elements === undefined) return permuted(tensor, order);
  return { ...tensor, data: Float32Array.from(elements, (element) => tensor.data[element]!) };
}

/** What is done to two elements, in the graph and to constants. */
interface Binary extends Fold {
  readonly emit: (emitter: Emitter, a: string, b: string) => string;
}

const binaryOperator = (op: string, fold: Binary['fold']): Binary => ({
  emit: (emitter, a, b) => emitter.add(op, [a, b]),
  fold,
});

const sum = binaryOperator('Add', (a, b) => a + b);

const binary: Readonly<Record<string, Binary>> = {
  Add: sum,
  AddV2: sum,
  Maximum: binaryOperator('Max', Math.max),
  Minimum: binaryOperator('Min', Math.min),
  Mul: { ...binaryOperator('Mul', (a, b) => a * b), isProduct: true },
  RealDiv: binaryOperator('Div', (a, b) => a / b),
  SquaredDifference: {
    emit: (emitter, a, b) => {
      const difference = emitter.add('Sub', [a, b]);
      return emitter.add('Mul', [difference, difference]);
    },
    fold: (a, b) => (a - b) ** 2,
  },
  Sub: binaryOperator('Sub', (a, b) => a - b),
};

const lowerBinary =
  (by: Binary): OpLowering =>
  (operation) => {
    const [a, b] = operation.inputs as [Operand, Operand];
    if (a.kind !== 'runtime' && b.kind !== 'runtime') return folded(operation, a, b, by);
    return runtime(combined(operation, a, b, by));
  };

/** Two inputs element by element, of which one at least is computed. */
function combined(operation: Operation, a: Operand, b: Operand, { emit }: Binary): Value {
  const [left, right] = sides(operation, a, b);
  const shapes = [left.shape, right.shape];
  const shape = broadcast(shapes);
  if (shape === undefined) return operation.unsupported(`cannot combine ${shapesOf(shapes)}`);
  return { ...left, name: emit(operation.emitter, left.name, right.name), shape };
}

/** Both sides stored alike, with as many axes. */
function sides(operation: Operation, a: Operand, b: Operand): readonly [Value, Value] {
  if (a.kind !== 'runtime') {
    const value = operation.value(1);
    return [{ ...value, ...beside(operation, operation.floats(0), value) }, value];
  }
  const value = operation.value(0);
  if (b.kind !== 'runtime') return [value, { ...value, ...beside(operation, operation.floats(1), value) }];
  const other = operation.value(1);
  if (value.shape.length !== other.shape.length)
    return operation.unsupported(`cannot combine ${shapesOf([value.shape, other.shape])}`);
  return aligned(operation.emitter, [value, other]) as [Value, Value];
}

/** One number per channel is added; the channels are the last axis. */
const biasAdd: OpLowering = (operation) => {
  const given = operation.runtime(0);
  const { name } = beside(operation, operation.floats(1), given.value);
  return { ...given, value: operation.emitter.map(given.value, 'Add', {}, name) };
};

const prelu: OpLowering = (operation) => {
  const x = operation.value(0);
  return runtime(operation.emitter.map(x, 'PRelu', {}, beside(operation, operation.floats(1), x).name));
};

const addN: OpLowering = (operation) => {
  const values = aligned(
    operation.emitter,
    operation.inputs.map((_, i) => operation.value(i)),
  );
  const names = values.map(({ name }) => name);
  return runtime({
    ...values[0]!,
    name: names.reduce((total, name) => operation.emitter.add('Add', [total, name])),
  });
};

const mapValues = <A, B>(table: Readonly<Record<string, A>>, change: (entry: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(table).map(([key, entry]) => [key, change(entry)]));

/** Operations on each element by itself. */
export const elementwiseOps: Readonly<Record<string, OpLowering>> = {
  ...mapValues(unaryOps, lowerUnary),
  ...mapValues(binary, lowerBinary),
  AddN: addN,
  BiasAdd: biasAdd,
  Prelu: prelu,
};
