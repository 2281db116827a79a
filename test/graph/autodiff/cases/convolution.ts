import { int, ints, string, type Attributes } from '../../../../src/graph/builder.js';
import { BATCH } from '../../../../src/graph/ir.js';
import type { TestFunction } from '../test-function.js';

export interface ConvolutionSpec {
  readonly op?: 'Conv' | 'ConvTranspose';
  readonly name: string;
  readonly image: readonly number[];
  readonly channels: number;
  readonly filters: number;
  readonly kernel: readonly number[];
  readonly groups?: number;
  readonly strides?: readonly number[];
  readonly dilations?: readonly number[];
  readonly pads?: readonly number[];
  readonly autoPad?: string;
  readonly bias?: boolean;
  /** Of transposed convolutions only. */
  readonly outputPadding?: readonly number[];
  readonly outputShape?: readonly number[];
}

export function convolution(spec: ConvolutionSpec): TestFunction {
  const { op = 'Conv', groups = 1, bias = true, filters, channels } = spec;
  const attributes: Attributes = {
    group: int(groups),
    ...(spec.strides && { strides: ints(spec.strides) }),
    ...(spec.dilations && { dilations: ints(spec.dilations) }),
    ...(spec.pads && { pads: ints(spec.pads) }),
    ...(spec.autoPad !== undefined && { auto_pad: string(spec.autoPad) }),
    ...(spec.outputPadding && { output_padding: ints(spec.outputPadding) }),
    ...(spec.outputShape && { output_shape: ints(spec.outputShape) }),
  };
  const weight = op === 'Conv' ? [filters, channels / groups] : [channels, filters / groups];
  const inputs = {
    x: { dims: [BATCH, channels, ...spec.image] },
    weight: { dims: [...weight, ...spec.kernel] },
    ...(bias && { bias: { dims: [filters] } }),
  };
  return {
    name: `${op} ${spec.name}`,
    inputs,
    build: (builder) => builder.add(op, Object.keys(inputs), attributes),
  };
}

const base = { image: [5, 6], channels: 2, filters: 3, kernel: [3, 3] };

const convolutions: readonly ConvolutionSpec[] = [
  { ...base, name: 'plain' },
  { ...base, name: 'without bias', bias: false },
  { ...base, name: 'padded', pads: [1, 1, 1, 1] },
  { ...base, name: 'padded unevenly', pads: [0, 2, 1, 0] },
  { ...base, name: 'padded beyond its kernel', pads: [3, 0, 3, 4] },
  { ...base, name: 'of one by one', kernel: [1, 1] },
  { ...base, name: 'of one by one, padded', kernel: [1, 1], pads: [1, 0, 0, 2] },
  { ...base, name: 'of one by one with stride 2', kernel: [1, 1], strides: [2, 2] },
  { ...base, name: 'with stride 2', strides: [2, 2], pads: [1, 1, 1, 1] },
  { ...base, name: 'with a stride that leaves a remainder', strides: [2, 3] },
  {
    ...base,
    name: 'with unequal strides and even kernel',
    kernel: [2, 4],
    strides: [1, 2],
    pads: [0, 1, 1, 2],
  },
  { ...base, name: 'with a stride beyond its kernel', kernel: [2, 2], strides: [3, 3], image: [7, 8] },
  { ...base, name: 'dilated', dilations: [2, 1], pads: [2, 1, 2, 1] },
  {
    ...base,
    name: 'dilated with stride',
    image: [7, 7],
    dilations: [2, 2],
    strides: [2, 2],
    pads: [1, 0, 2, 1],
  },
  { ...base, name: 'in groups', channels: 4, filters: 6, groups: 2, pads: [1, 1, 1, 1] },
  { ...base, name: 'in groups with stride', channels: 4, filters: 6, groups: 2, strides: [2, 2] },
  { ...base, name: 'depthwise', channels: 3, filters: 3, groups: 3, pads: [1, 1, 1, 1] },
  { ...base, name: 'depthwise with two filters per channel', channels: 3, filters: 6, groups: 3 },
  {
    ...base,
    name: 'depthwise with stride',
    channels: 3,
    filters: 3,
    groups: 3,
    strides: [2, 2],
    pads: [1, 1, 1, 1],
  },
  { ...base, name: 'as large as the image', kernel: [5, 6] },
  { ...base, name: 'padded to the same size, the extra at the end', autoPad: 'SAME_UPPER', strides: [2, 2] },
  { ...base, name: 'padded to the same size, the extra at the start', autoPad: 'SAME_LOWER', kernel: [2, 4] },
  { ...base, name: 'with automatic padding of none', autoPad: 'VALID' },
  { ...base, name: 'of one axis', image: [9], kernel: [3], pads: [1, 0] },
  {
    ...base,
    name: 'of one axis with stride and dilation',
    image: [9],
    kernel: [3],
    strides: [2],
    dilations: [2],
  },
  { ...base, name: 'of one axis, in groups', image: [7], kernel: [3], channels: 4, filters: 6, groups: 2 },
  { ...base, name: 'of one axis, depthwise', image: [7], kernel: [3], channels: 2, filters: 2, groups: 2 },
  { ...base, name: 'of one axis, padded to the same size', image: [8], kernel: [4], autoPad: 'SAME_UPPER' },
  {
    ...base,
    name: 'dilated, in groups, padded unevenly',
    ...{ channels: 4, filters: 2, groups: 2, dilations: [1, 2], pads: [0, 1, 2, 3] },
  },
  {
    ...base,
    name: 'with a stride beyond its kernel, padded to the same size',
    ...{ kernel: [1, 2], strides: [2, 3], autoPad: 'SAME_UPPER' },
  },
  { ...base, name: 'of three axes', image: [3, 4, 5], kernel: [2, 3, 2], pads: [1, 0, 1, 0, 1, 1] },
  {
    ...base,
    name: 'of three axes with stride and dilation, in groups',
    image: [5, 4, 5],
    kernel: [2, 2, 2],
    ...{ channels: 2, filters: 4, groups: 2, strides: [2, 1, 2], dilations: [1, 2, 1] },
  },
  {
    ...base,
    name: 'of three axes, padded to the same size',
    image: [3, 3, 4],
    kernel: [2, 3, 2],
    autoPad: 'SAME_UPPER',
  },
];

const small = { op: 'ConvTranspose', image: [3, 4], channels: 2, filters: 3, kernel: [3, 3] } as const;

const transposedConvolutions: readonly ConvolutionSpec[] = [
  { ...small, name: 'plain' },
  { ...small, name: 'without bias', bias: false },
  { ...small, name: 'padded', pads: [1, 1, 1, 1] },
  { ...small, name: 'padded unevenly', pads: [0, 2, 1, 0] },
  { ...small, name: 'of one by one', kernel: [1, 1] },
  { ...small, name: 'with stride 2', strides: [2, 2] },
  { ...small, name: 'with stride 2 and tiles', strides: [2, 2], kernel: [2, 2] },
  { ...small, name: 'with a stride beyond its kernel', kernel: [2, 1], strides: [3, 2] },
  { ...small, name: 'that doubles the size', strides: [2, 2], pads: [1, 1, 1, 1], outputPadding: [1, 1] },
  { ...small, name: 'with output padding on one axis', strides: [3, 2], outputPadding: [2, 0] },
  { ...small, name: 'dilated', dilations: [2, 1] },
  { ...small, name: 'dilated with stride', dilations: [2, 2], strides: [2, 3], pads: [1, 0, 2, 1] },
  { ...small, name: 'in groups', channels: 4, filters: 6, groups: 2 },
  {
    ...small,
    name: 'in groups with stride and output padding',
    ...{ channels: 4, filters: 2, groups: 2, strides: [2, 2], pads: [1, 0, 1, 2], outputPadding: [0, 1] },
  },
  { ...small, name: 'depthwise with stride', channels: 3, filters: 3, groups: 3, strides: [2, 2] },
  { ...small, name: 'of a given output shape', strides: [2, 2], outputShape: [6, 8] },
  { ...small, name: 'of a larger output shape', strides: [2, 2], outputShape: [8, 10] },
  {
    ...small,
    name: 'of a given output shape, the extra at the end',
    strides: [2, 2],
    outputShape: [6, 8],
    autoPad: 'SAME_UPPER',
  },
  { ...small, name: 'padded to stride times the size', strides: [2, 2], autoPad: 'SAME_UPPER' },
  { ...small, name: 'padded to stride times the size at the start', strides: [2, 2], autoPad: 'SAME_LOWER' },
  { ...small, name: 'with automatic padding of none', strides: [2, 2], autoPad: 'VALID' },
  { ...small, name: 'of one axis', image: [4], kernel: [3], strides: [2], pads: [1, 0] },
  {
    ...small,
    name: 'of one axis, in groups',
    image: [4],
    kernel: [2],
    channels: 4,
    filters: 2,
    groups: 2,
    strides: [3],
  },
  { ...small, name: 'of three axes', image: [2, 2, 3], kernel: [2, 1, 2], strides: [2, 1, 1] },
];

export const convolutionCases: readonly TestFunction[] = [...convolutions, ...transposedConvolutions].map(
  convolution,
);
