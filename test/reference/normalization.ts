import { numberOf, positiveAxis, required, sizeOf, type Operator, type RefTensor } from './tensor.js';

/** Applies a function to every line of a tensor along one axis. */
function alongAxis({ dims, data }: RefTensor, axis: number, map: (line: number[]) => number[]): RefTensor {
  const size = dims[axis]!;
  const stride = sizeOf(dims.slice(axis + 1));
  const out = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    if (Math.floor(i / stride) % size !== 0) continue;
    const line = Array.from({ length: size }, (_, k) => data[i + k * stride]!);
    map(line).forEach((value, k) => (out[i + k * stride] = value));
  }
  return { dims, data: out };
}

function logSumExp(line: readonly number[]): number {
  const top = Math.max(...line);
  return top + Math.log(line.reduce((sum, value) => sum + Math.exp(value - top), 0));
}

const exponential =
  (finish: (logProbability: number) => number): Operator =>
  (inputs, node) => {
    const input = required(inputs, 0);
    const axis = positiveAxis(numberOf(node, 'axis', -1), input.dims.length);
    const normalise = (line: number[]) => {
      const total = logSumExp(line);
      return line.map((value) => finish(value - total));
    };
    return [alongAxis(input, axis, normalise)];
  };

const batchNormalization: Operator = (inputs, node) => {
  const [input, scale, bias, mean, variance] = [0, 1, 2, 3, 4].map((i) => required(inputs, i));
  const { dims, data } = input!;
  const area = sizeOf(dims.slice(2));
  const epsilon = numberOf(node, 'epsilon', 1e-5);
  const normalised = data.map((value, i) => {
    const c = Math.floor(i / area) % dims[1]!;
    const unit = (value - mean!.data[c]!) / Math.sqrt(variance!.data[c]! + epsilon);
    return unit * scale!.data[c]! + bias!.data[c]!;
  });
  return [{ dims, data: normalised }];
};

export const normalizations: Readonly<Record<string, Operator>> = {
  Softmax: exponential(Math.exp),
  LogSoftmax: exponential((value) => value),
  BatchNormalization: batchNormalization,
};
