import { int, ints, string, type Attributes } from '../../../../src/graph/builder.js';
import { BATCH } from '../../../../src/graph/ir.js';
import type { TestFunction } from '../test-function.js';

export interface PoolingSpec {
  readonly name: string;
  readonly image: readonly number[];
  readonly kernel: readonly number[];
  readonly strides?: readonly number[];
  readonly pads?: readonly number[];
  readonly autoPad?: string;
  readonly ceil?: boolean;
  readonly includePad?: boolean;
}

export function pooling(op: 'MaxPool' | 'AveragePool', spec: PoolingSpec): TestFunction {
  const attributes: Attributes = {
    kernel_shape: ints(spec.kernel),
    ...(spec.strides && { strides: ints(spec.strides) }),
    ...(spec.pads && { pads: ints(spec.pads) }),
    ...(spec.autoPad !== undefined && { auto_pad: string(spec.autoPad) }),
    ...(spec.ceil === true && { ceil_mode: int(1) }),
    ...(spec.includePad === true && { count_include_pad: int(1) }),
  };
  return {
    name: `${op} ${spec.name}`,
    inputs: { x: { dims: [BATCH, 2, ...spec.image] } },
    build: (builder) => builder.add(op, ['x'], attributes),
  };
}

const specs: readonly PoolingSpec[] = [
  { name: 'of tiles', image: [4, 6], kernel: [2, 2], strides: [2, 2] },
  { name: 'of tiles of three by four', image: [6, 8], kernel: [3, 4], strides: [3, 4] },
  { name: 'of tiles one wide', image: [4, 3], kernel: [2, 1], strides: [2, 1] },
  { name: 'of large tiles', image: [6, 10], kernel: [3, 5], strides: [3, 5] },
  { name: 'of tiles along one axis', image: [9], kernel: [3], strides: [3] },
  { name: 'of tiles that leave a remainder', image: [5, 7], kernel: [2, 3], strides: [2, 3] },
  { name: 'of overlapping windows', image: [5, 6], kernel: [3, 3], strides: [1, 1] },
  {
    name: 'of overlapping padded windows',
    image: [6, 6],
    kernel: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
  },
  { name: 'of windows with gaps between them', image: [7, 7], kernel: [2, 2], strides: [3, 3] },
  { name: 'padded unevenly', image: [5, 5], kernel: [3, 2], strides: [2, 1], pads: [1, 0, 0, 1] },
  { name: 'rounding up', image: [6, 7], kernel: [3, 3], strides: [2, 2], ceil: true },
  {
    name: 'rounding up, padded',
    image: [6, 6],
    kernel: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 0, 1],
    ceil: true,
  },
  { name: 'padded to the same size', image: [5, 6], kernel: [3, 3], strides: [2, 2], autoPad: 'SAME_UPPER' },
  { name: 'padded to the same size at the start', image: [5, 6], kernel: [2, 2], autoPad: 'SAME_LOWER' },
  { name: 'of one axis', image: [8], kernel: [3], strides: [2], pads: [1, 1] },
  { name: 'of the whole image', image: [3, 4], kernel: [3, 4] },
];

export const poolingCases: readonly TestFunction[] = [
  ...specs.map((spec) => pooling('MaxPool', spec)),
  ...specs.map((spec) => pooling('AveragePool', spec)),
  ...specs
    .filter((spec) => spec.pads !== undefined || spec.autoPad !== undefined)
    .map((spec) =>
      pooling('AveragePool', { ...spec, name: `${spec.name}, padding counted`, includePad: true }),
    ),
  ...[[3, 4], [5]].map((image): TestFunction => ({
    name: `GlobalAveragePool over ${image.length} axes`,
    inputs: { x: { dims: [BATCH, 2, ...image] } },
    build: (builder) => builder.add('GlobalAveragePool', ['x']),
  })),
  {
    name: 'MaxPool with dilation',
    inputs: { x: { dims: [BATCH, 2, 6, 6] } },
    build: (builder) =>
      builder.add('MaxPool', ['x'], {
        kernel_shape: ints([2, 2]),
        dilations: ints([2, 2]),
        strides: ints([1, 2]),
      }),
  },
];
