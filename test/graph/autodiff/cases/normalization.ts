import { float, int, ints } from '../../../../src/graph/builder.js';
import { BATCH, type Dimension } from '../../../../src/graph/ir.js';
import { floatTensor } from '../../../../src/tensor/tensor.js';
import type { TestFunction } from '../test-function.js';
import { positive } from './arithmetic.js';

export interface LayerNormalizationSpec {
  readonly dims: readonly Dimension[];
  /** Counted from the front or the back; the last by default. */
  readonly axis?: number;
  readonly bias?: boolean;
  readonly epsilon?: number;
}

export function layerNormalization({
  dims,
  axis,
  bias = true,
  epsilon,
}: LayerNormalizationSpec): TestFunction {
  const normalized = dims.slice(axis ?? -1);
  const inputs = {
    x: { dims },
    scale: { dims: normalized },
    ...(bias && { bias: { dims: normalized } }),
  };
  const notes = [...(bias ? [] : ['no bias']), ...(epsilon === undefined ? [] : [`epsilon ${epsilon}`])];
  return {
    name: ['LayerNormalization of rank', dims.length, 'from axis', axis ?? -1, ...notes].join(' '),
    inputs,
    build: (builder) =>
      builder.add('LayerNormalization', Object.keys(inputs), {
        ...(axis !== undefined && { axis: int(axis) }),
        ...(epsilon !== undefined && { epsilon: float(epsilon) }),
      }),
  };
}

export const instanceNormalization = (
  channels: number,
  image: readonly number[],
  epsilon: number,
): TestFunction => ({
  name: `InstanceNormalization over ${image.length} axes, epsilon ${epsilon}`,
  inputs: {
    x: { dims: [BATCH, channels, ...image] },
    scale: { dims: [channels] },
    bias: { dims: [channels] },
  },
  build: (builder) =>
    builder.add('InstanceNormalization', ['x', 'scale', 'bias'], { epsilon: float(epsilon) }),
});

/** The statistics, too, are inputs. */
export const batchNormalization = (dims: readonly Dimension[], epsilon = 1e-3): TestFunction => {
  const perChannel = { dims: [dims[1]!] };
  return {
    name: `BatchNormalization of rank ${dims.length}, epsilon ${epsilon}`,
    inputs: {
      x: { dims },
      ...{ scale: perChannel, bias: perChannel, mean: perChannel },
      variance: { ...perChannel, sample: positive },
    },
    build: (b) =>
      b.add('BatchNormalization', ['x', 'scale', 'bias', 'mean', 'variance'], { epsilon: float(epsilon) }),
  };
};

/** Training mode, where the statistics are those of the batch: there must be more than one value to a channel. */
export const batchStatistics = (dims: readonly Dimension[], epsilon: number): TestFunction => {
  const channels = dims[1] as number;
  const constant = (value: number) => floatTensor(new Float32Array(channels).fill(value), [channels]);
  return {
    name: `BatchNormalization of rank ${dims.length} in training mode, epsilon ${epsilon}`,
    inputs: { x: { dims }, scale: { dims: [channels] }, bias: { dims: [channels] } },
    build: (b) => {
      const statistics = [b.initializer('mean', constant(0)), b.initializer('variance', constant(1))];
      const attributes = { training_mode: int(1), momentum: float(0), epsilon: float(epsilon) };
      return b.addMany('BatchNormalization', ['x', 'scale', 'bias', ...statistics], 3, attributes)[0]!;
    },
  };
};

export const meanVarianceNormalization = (
  dims: readonly Dimension[],
  axes?: readonly number[],
): TestFunction => ({
  name: `MeanVarianceNormalization of rank ${dims.length}, axes ${axes?.join(', ') ?? 'by default'}`,
  inputs: { x: { dims } },
  build: (builder) => builder.add('MeanVarianceNormalization', ['x'], axes ? { axes: ints(axes) } : {}),
});

export const lpNormalization = (dims: readonly Dimension[], axis: number, p: number): TestFunction => ({
  name: `LpNormalization of rank ${dims.length} along axis ${axis}, order ${p}`,
  inputs: { x: { dims } },
  build: (builder) => builder.add('LpNormalization', ['x'], { axis: int(axis), p: int(p) }),
});

export interface ResponseSpec {
  readonly channels: number;
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly bias: number;
}

/** Large alphas: the default changes the fifth digit. */
export const responseNormalization = ({ channels, size, ...constants }: ResponseSpec): TestFunction => ({
  name: `LRN of ${channels} channels, size ${size}, beta ${constants.beta}`,
  inputs: { x: { dims: [BATCH, channels, 2, 3] } },
  build: (builder) =>
    builder.add('LRN', ['x'], {
      size: int(size),
      ...Object.fromEntries(Object.entries(constants).map(([key, value]) => [key, float(value)])),
    }),
});

const layers: readonly LayerNormalizationSpec[] = [
  { dims: [BATCH, 6] },
  { dims: [BATCH, 6], bias: false },
  { dims: [BATCH, 4, 5], axis: -1 },
  { dims: [BATCH, 4, 5], axis: -1, bias: false, epsilon: 0.1 },
  { dims: [BATCH, 4, 5], axis: 1 },
  { dims: [BATCH, 2, 3, 4], axis: -2, epsilon: 1e-3 },
  { dims: [BATCH, 2, 3, 4], axis: 1 },
  { dims: [BATCH, 2, 3, 4], axis: 3 },
];

const response = { channels: 5, size: 3, alpha: 0.7, beta: 0.75, bias: 1.5 };

export const normalizationCases: readonly TestFunction[] = [
  ...[
    [BATCH, 3],
    [BATCH, 3, 2],
    [BATCH, 3, 2, 2],
    [BATCH, 2, 2, 1, 3],
  ].map((dims) => batchNormalization(dims)),
  batchNormalization([BATCH, 3, 2], 0.5),
  batchStatistics([BATCH, 3, 2, 2], 1e-5),
  batchStatistics([BATCH, 2, 5], 0.1),
  ...layers.map(layerNormalization),
  ...[[5], [3, 4], [2, 2, 3]].map((image) => instanceNormalization(3, image, 1e-5)),
  instanceNormalization(2, [3, 3], 0.3),
  meanVarianceNormalization([BATCH, 2, 3, 4]),
  meanVarianceNormalization([BATCH, 2, 3, 4], [2, 3]),
  meanVarianceNormalization([BATCH, 2, 3, 4], [1, 2, 3]),
  meanVarianceNormalization([BATCH, 4, 2, 3], [1]),
  meanVarianceNormalization([BATCH, 3, 2], [0, 1]),
  meanVarianceNormalization([BATCH, 3, 2, 2], [-3, -1]),
  ...[1, 2].flatMap((p) => [
    lpNormalization([BATCH, 5], -1, p),
    lpNormalization([BATCH, 3, 4], 1, p),
    lpNormalization([BATCH, 3], 0, p),
  ]),
  responseNormalization(response),
  responseNormalization({ ...response, size: 5, beta: 2 }),
  responseNormalization({ ...response, size: 7, channels: 3 }),
  responseNormalization({ ...response, size: 1 }),
];
