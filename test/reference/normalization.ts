import type { Node } from '../../src/graph/ir.js';
import { broadcast } from './elementwise.js';
import {
  flatOf,
  indexOf,
  listOf,
  numberOf,
  positiveAxis,
  required,
  sizeOf,
  type Operator,
  type RefTensor,
} from './tensor.js';

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

/** Mean and population variance of every channel, over batch and positions. */
function channelMoments({ dims, data }: RefTensor): { mean: RefTensor; variance: RefTensor } {
  const channels = dims[1]!;
  const area = sizeOf(dims.slice(2));
  const of = (c: number) => data.filter((_, i) => Math.floor(i / area) % channels === c);
  const average = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const mean = Float64Array.from({ length: channels }, (_, c) => average(of(c)));
  const variance = mean.map((centre, c) => average(of(c).map((value) => (value - centre) ** 2)));
  return { mean: { dims: [channels], data: mean }, variance: { dims: [channels], data: variance } };
}

/** In training mode with the batch's own statistics, which are then mixed into the running ones. */
const batchNormalization: Operator = (inputs, node) => {
  const [input, scale, bias, given, spread] = [0, 1, 2, 3, 4].map((i) => required(inputs, i));
  const isTraining = numberOf(node, 'training_mode', 0) === 1;
  const moments = isTraining ? channelMoments(input!) : { mean: given!, variance: spread! };
  const { mean, variance } = moments;
  const { dims, data } = input!;
  const area = sizeOf(dims.slice(2));
  const epsilon = numberOf(node, 'epsilon', 1e-5);
  const normalised = data.map((value, i) => {
    const c = Math.floor(i / area) % dims[1]!;
    const unit = (value - mean.data[c]!) / Math.sqrt(variance.data[c]! + epsilon);
    return unit * scale!.data[c]! + bias!.data[c]!;
  });
  if (!isTraining) return [{ dims, data: normalised }];
  const momentum = numberOf(node, 'momentum', 0.9);
  const running = (before: RefTensor, now: RefTensor): RefTensor => ({
    dims: before.dims,
    data: before.data.map((value, c) => value * momentum + now.data[c]! * (1 - momentum)),
  });
  return [{ dims, data: normalised }, running(given!, mean), running(spread!, variance)];
};

/** x with its mean over some axes taken off, divided by its deviation. */
function standardise(
  { dims, data }: RefTensor,
  axes: readonly number[],
  deviationOf: (variance: number) => number,
): RefTensor & { readonly means: RefTensor; readonly slopes: RefTensor } {
  const kept = dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  const groupOf = Int32Array.from(data, (_, i) =>
    flatOf(
      indexOf(i, dims).map((position, axis) => (axes.includes(axis) ? 0 : position)),
      kept,
    ),
  );
  const count = data.length / sizeOf(kept);
  const averages = (values: Float64Array): Float64Array => {
    const sums = new Float64Array(sizeOf(kept));
    values.forEach((value, i) => (sums[groupOf[i]!]! += value / count));
    return sums;
  };
  const means = averages(data);
  const centred = data.map((value, i) => value - means[groupOf[i]!]!);
  const slopes = averages(centred.map((value) => value ** 2)).map((variance) => 1 / deviationOf(variance));
  return {
    dims,
    data: centred.map((value, i) => value * slopes[groupOf[i]!]!),
    means: { dims: kept, data: means },
    slopes: { dims: kept, data: slopes },
  };
}

const withEpsilon =
  (node: Node) =>
  (variance: number): number =>
    Math.sqrt(variance + numberOf(node, 'epsilon', 1e-5));

const from = (axis: number, rank: number): number[] =>
  Array.from({ length: rank - axis }, (_, i) => axis + i);

/** value * scale + bias, where scale and bias broadcast to the value's shape. */
function affine(value: RefTensor, scale: RefTensor, bias?: RefTensor): RefTensor {
  const slopes = broadcast(scale, value.dims).data;
  const offsets = bias && broadcast(bias, value.dims).data;
  return { dims: value.dims, data: value.data.map((x, i) => x * slopes[i]! + (offsets?.[i] ?? 0)) };
}

const layerNormalization: Operator = (inputs, node) => {
  const input = required(inputs, 0);
  const rank = input.dims.length;
  const axes = from(positiveAxis(numberOf(node, 'axis', -1), rank), rank);
  const standard = standardise(input, axes, withEpsilon(node));
  return [affine(standard, required(inputs, 1), inputs[2]), standard.means, standard.slopes];
};

const instanceNormalization: Operator = (inputs, node) => {
  const input = required(inputs, 0);
  const rank = input.dims.length;
  const [scale, bias] = [required(inputs, 1), required(inputs, 2)].map(({ data }) => ({
    dims: [data.length, ...from(2, rank).map(() => 1)],
    data,
  }));
  return [affine(standardise(input, from(2, rank), withEpsilon(node)), scale!, bias)];
};

const meanVarianceNormalization: Operator = (inputs, node) => {
  const input = required(inputs, 0);
  const axes = (listOf(node, 'axes') ?? [0, 2, 3]).map((axis) => positiveAxis(axis, input.dims.length));
  return [standardise(input, axes, (variance) => Math.sqrt(variance) + 1e-9)];
};

const lpNormalization: Operator = (inputs, node) => {
  const input = required(inputs, 0);
  const p = numberOf(node, 'p', 2);
  const axis = positiveAxis(numberOf(node, 'axis', -1), input.dims.length);
  const normalise = (line: number[]) => {
    const norm = line.reduce((sum, value) => sum + Math.abs(value) ** p, 0) ** (1 / p);
    return line.map((value) => (norm === 0 ? 0 : value / norm));
  };
  return [alongAxis(input, axis, normalise)];
};

const localResponseNormalization: Operator = (inputs, node) => {
  const input = required(inputs, 0);
  const size = numberOf(node, 'size', 1);
  const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
  const share = numberOf(node, 'alpha', 1e-4) / size;
  const normalise = (line: number[]) =>
    line.map((value, c) => {
      const near = line.slice(Math.max(c - before, 0), c + after + 1);
      const energy = near.reduce((sum, other) => sum + other ** 2, 0);
      return value / (numberOf(node, 'bias', 1) + share * energy) ** numberOf(node, 'beta', 0.75);
    });
  return [alongAxis(input, 1, normalise)];
};

export const normalizations: Readonly<Record<string, Operator>> = {
  Softmax: exponential(Math.exp),
  LogSoftmax: exponential((value) => value),
  BatchNormalization: batchNormalization,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
  LpNormalization: lpNormalization,
  LRN: localResponseNormalization,
  MeanVarianceNormalization: meanVarianceNormalization,
};
