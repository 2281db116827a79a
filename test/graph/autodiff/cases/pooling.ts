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
  readonly dilations?: readonly number[];
  /** The order of the norm. */
  readonly p?: number;
}

export function pooling(op: 'MaxPool' | 'AveragePool' | 'LpPool', spec: PoolingSpec): TestFunction {
  const attributes: Attributes = {
    kernel_shape: ints(spec.kernel),
    ...(spec.strides && { strides: ints(spec.strides) }),
    ...(spec.pads && { pads: ints(spec.pads) }),
    ...(spec.autoPad !== undefined && { auto_pad: string(spec.autoPad) }),
    ...(spec.ceil === true && { ceil_mode: int(1) }),
    ...(spec.includePad === true && { count_include_pad: int(1) }),
    ...(spec.dilations && { dilations: ints(spec.dilations) }),
    ...(spec.p !== undefined && { p: int(spec.p) }),
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
  { name: 'of windows of one by one with gaps', image: [4, 5], kernel: [1, 1], strides: [2, 3] },
  { name: 'of one axis, rounding up', image: [8], kernel: [3], strides: [3], ceil: true },
  {
    name: 'of three axes',
    image: [3, 4, 3],
    kernel: [2, 2, 3],
    strides: [1, 2, 1],
    pads: [0, 1, 1, 1, 0, 1],
  },
  { name: 'of tiles along three axes', image: [2, 4, 6], kernel: [2, 2, 3], strides: [2, 2, 3] },
];

/** Of MaxPool alone: the others have no dilation in operator set 17. */
const dilatedSpecs: readonly PoolingSpec[] = [
  { name: 'with dilation', image: [6, 6], kernel: [2, 2], dilations: [2, 2], strides: [1, 2] },
  { name: 'with dilation and padding', image: [6, 5], kernel: [3, 2], dilations: [2, 3], pads: [1, 1, 2, 0] },
  {
    name: 'with dilation, rounding up',
    image: [7, 8],
    kernel: [2, 2],
    dilations: [3, 2],
    strides: [2, 3],
    ceil: true,
  },
];

/** A norm leaves out windows that rounding up would add, in operator set 17. */
const lpSpecs = [
  ...specs.filter((spec) => spec.ceil !== true).map((spec, i) => ({ ...spec, p: 1 + (i % 3) })),
  ...[1, 2, 3].map((p) => ({
    name: `of order ${p}`,
    image: [5, 6],
    kernel: [3, 2],
    strides: [2, 1],
    pads: [1, 0, 1, 1],
    p,
  })),
  { name: 'of the default order', image: [4, 4], kernel: [2, 2] },
];

/** A pooling over all places, by the norm of order `p` where that is given. */
export const globalPooling = (op: string, image: readonly number[], p?: number): TestFunction => ({
  name: `${op} over ${image.length} axes${p === undefined ? '' : `, order ${p}`}`,
  inputs: { x: { dims: [BATCH, 2, ...image] } },
  build: (builder) => builder.add(op, ['x'], p === undefined ? {} : { p: int(p) }),
});

const images = [[5], [3, 4], [2, 3, 2]];

export const poolingCases: readonly TestFunction[] = [
  ...specs.map((spec) => pooling('MaxPool', spec)),
  ...specs.map((spec) => pooling('AveragePool', spec)),
  ...specs
    .filter((spec) => spec.pads !== undefined || spec.autoPad !== undefined)
    .map((spec) =>
      pooling('AveragePool', { ...spec, name: `${spec.name}, padding counted`, includePad: true }),
    ),
  ...dilatedSpecs.map((spec) => pooling('MaxPool', spec)),
  ...lpSpecs.map((spec) => pooling('LpPool', spec)),
  ...['GlobalAveragePool', 'GlobalMaxPool', 'GlobalLpPool'].flatMap((op) =>
    images.map((image) => globalPooling(op, image)),
  ),
  ...[1, 3].map((p) => globalPooling('GlobalLpPool', [3, 4], p)),
];
