import { int, ints, string, type Attributes } from '../../../../src/graph/builder.js';
import { BATCH } from '../../../../src/graph/ir.js';
import type { TestFunction } from '../test-function.js';

export interface ConvolutionSpec {
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
}

export function convolution(spec: ConvolutionSpec): TestFunction {
  const { groups = 1, bias = true } = spec;
  const attributes: Attributes = {
    group: int(groups),
    ...(spec.strides && { strides: ints(spec.strides) }),
    ...(spec.dilations && { dilations: ints(spec.dilations) }),
    ...(spec.pads && { pads: ints(spec.pads) }),
    ...(spec.autoPad !== undefined && { auto_pad: string(spec.autoPad) }),
  };
  const inputs = {
    x: { dims: [BATCH, spec.channels, ...spec.image] },
    weight: { dims: [spec.filters, spec.channels / groups, ...spec.kernel] },
    ...(bias && { bias: { dims: [spec.filters] } }),
  };
  return {
    name: `Conv ${spec.name}`,
    inputs,
    build: (builder) => builder.add('Conv', Object.keys(inputs), attributes),
  };
}

const base = { image: [5, 6], channels: 2, filters: 3, kernel: [3, 3] };

export const convolutionCases: readonly TestFunction[] = [
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
].map(convolution);
