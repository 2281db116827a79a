import { BATCH, type Dimension } from '../../../src/graph/ir.js';
import type { GraphBuilder } from '../../../src/graph/builder.js';
import { floatTensor, intTensor, type Tensor } from '../../../src/tensor/tensor.js';
import { sizeOf, type RefTensor } from '../../reference/tensor.js';
import type { Random } from './random.js';

/** One input of a function under test. Float inputs are differentiated; integer ones only feed the function. */
export interface InputSpec {
  readonly dims: readonly Dimension[];
  readonly type?: 'float32' | 'int64';
  /** One value; by default all float values of all inputs are distinct, at least 1e-3 apart and away from zero. */
  readonly sample?: (random: Random) => number;
}

/** A small function whose gradient rules are checked. */
export interface TestFunction {
  readonly name: string;
  readonly inputs: Readonly<Record<string, InputSpec>>;
  /** Adds the function's nodes, which read the inputs by name, and returns its output or outputs. */
  readonly build: (builder: GraphBuilder) => string | readonly string[];
}

/** Whether an input is the same for every example. */
export const isWeight = (fn: TestFunction, name: string): boolean => !fn.inputs[name]!.dims.includes(BATCH);

/** A point to differentiate at. */
export function sampleInputs(fn: TestFunction, batch: number, random: Random): Record<string, Tensor> {
  const specs = Object.entries(fn.inputs).map(([name, { dims, type, sample }]) => {
    const sizes = dims.map((dim) => (typeof dim === 'number' ? dim : batch));
    return { name, dims: sizes, count: sizeOf(sizes), type, sample };
  });
  const ladder = distinctValues(
    specs.reduce((sum, { count, sample }) => sum + (sample === undefined ? count : 0), 0),
    random,
  );
  const sampled = specs.map(({ name, dims, count, type, sample }) => {
    const values = Array.from({ length: count }, () =>
      sample === undefined ? ladder.pop()! : sample(random),
    );
    const tensor = type === 'int64' ? intTensor(values, dims) : floatTensor(Float32Array.from(values), dims);
    return [name, tensor] as const;
  });
  return Object.fromEntries(sampled);
}

/** `count` values between -2 and 2 in random order, equally spaced, none of them within a quarter step of zero. */
function distinctValues(count: number, random: Random): number[] {
  const step = 4 / count;
  return random.permutation(count).map((place) => (place - Math.floor(count / 2) + 0.25) * step);
}

/** The interpreter's form of a tensor. */
export const toDouble = ({ dims, data }: Tensor): RefTensor => ({
  dims,
  data: Float64Array.from(data as ArrayLike<number | bigint>, Number),
});

export const toDoubles = (tensors: Readonly<Record<string, Tensor>>): Record<string, RefTensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, toDouble(tensor)]));

/** A standard normal float32 tensor. */
export const normalTensor = (dims: readonly number[], random: Random): Tensor =>
  floatTensor(
    Float32Array.from({ length: sizeOf(dims) }, () => random.normal()),
    dims,
  );
