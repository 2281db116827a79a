import { int, ints } from '../../../../src/graph/builder.js';
import { BATCH, type Dimension } from '../../../../src/graph/ir.js';
import type { TestFunction } from '../test-function.js';
import { positive } from './arithmetic.js';

const axesChoices: readonly (readonly number[])[] = [[1], [-1], [1, 2], [0], [0, 2], []];

export interface ReductionSpec {
  readonly name: string;
  readonly dims: readonly Dimension[];
  /** Undefined: the node does not say, and all axes are reduced. */
  readonly axes: readonly number[] | undefined;
  readonly keepdims: number;
  /** Whether the node says so. */
  readonly noop?: boolean;
}

/** A reduction; the axes are an input of ReduceSum and an attribute of the others in operator set 17. */
export const reduction = (op: string, { name, dims, axes, keepdims, noop }: ReductionSpec): TestFunction => ({
  name: `${op} ${name}`,
  inputs: { x: op === 'ReduceLogSum' ? { dims, sample: positive } : { dims } },
  build: (builder) => {
    const attributes = {
      keepdims: int(keepdims),
      ...(noop === true ? { noop_with_empty_axes: int(1) } : {}),
    };
    if (axes === undefined) return builder.add(op, ['x'], attributes);
    if (op === 'ReduceSum') return builder.add(op, ['x', builder.ints(axes)], attributes);
    return builder.add(op, ['x'], { ...attributes, axes: ints(axes) });
  },
});

/** Every reduction of the standard operator set. */
export const reductionOperators = [
  ...['Sum', 'Mean', 'Max', 'Min', 'Prod'],
  ...['L1', 'L2', 'LogSum', 'LogSumExp', 'SumSquare'],
].map((name) => `Reduce${name}`);

const reductions = reductionOperators.flatMap((op) =>
  axesChoices.flatMap((axes) =>
    [0, 1].map((keepdims) => {
      const over = axes.length === 0 ? 'all axes' : `axes ${axes.join(', ')}`;
      const name = `over ${over}, ${keepdims === 1 ? 'kept' : 'dropped'}`;
      const given = axes.length === 0 ? undefined : axes;
      return reduction(op, { name, dims: [BATCH, 3, 4], axes: given, keepdims });
    }),
  ),
);

export interface TopKSpec {
  readonly name: string;
  readonly dims: readonly Dimension[];
  readonly k: number;
  readonly axis: number;
  readonly largest: number;
  readonly sorted: number;
}

/** Unsorted values come in no particular order: the function then is their sum. */
export const topK = ({ name, dims, k, ...flags }: TopKSpec): TestFunction => ({
  name: `TopK ${name}`,
  inputs: { x: { dims } },
  build: (builder) => {
    const attributes = Object.fromEntries(Object.entries(flags).map(([key, value]) => [key, int(value)]));
    const [values] = builder.addMany('TopK', ['x', builder.ints([k])], 2, attributes);
    return flags.sorted === 1 ? values! : builder.add('ReduceSum', [values!, builder.ints([flags.axis])]);
  },
});

export const reductionCases: readonly TestFunction[] = [
  ...reductions,
  ...[undefined, []].map((axes) => {
    const name = `over no axes, ${axes === undefined ? 'absent' : 'an empty list'}`;
    return reduction('ReduceSum', { name, dims: [BATCH, 3], axes, keepdims: 1, noop: true });
  }),
  reduction('ReduceSum', { name: 'over an empty list of axes', dims: [BATCH, 3], axes: [], keepdims: 0 }),
  ...[0, 1].flatMap((largest) =>
    [0, 1].map((sorted) => {
      const name = `of the ${largest === 1 ? 'largest' : 'smallest'}, ${sorted === 1 ? 'sorted' : 'unsorted'}`;
      return topK({ name, dims: [BATCH, 5, 3], k: 2, axis: 1, largest, sorted });
    }),
  ),
  topK({ name: 'of all', dims: [BATCH, 4], k: 4, axis: -1, largest: 1, sorted: 1 }),
];
