import { int, string } from '../../../../src/graph/builder.js';
import { BATCH } from '../../../../src/graph/ir.js';
import { intTensor } from '../../../../src/tensor/tensor.js';
import type { TestFunction } from '../test-function.js';

const adding = { reduction: string('add') };
const columns = (values: readonly number[]) => intTensor(values, [1, values.length]);

/** Operators that write to places of a copy, and those that weigh or exchange by place. */
export const scatteringCases: readonly TestFunction[] = [
  {
    name: 'ScatterElements that replaces, by indices given at run time',
    inputs: {
      x: { dims: [BATCH, 4] },
      indices: { dims: [BATCH, 1], type: 'int64', sample: (random) => Math.floor(8 * random.uniform()) - 4 },
      updates: { dims: [BATCH, 1] },
    },
    build: (builder) => builder.add('ScatterElements', ['x', 'indices', 'updates'], { axis: int(1) }),
  },
  {
    name: 'ScatterElements that adds twice to one place of a weight',
    inputs: { x: { dims: [BATCH, 4] }, w: { dims: [1, 4] }, updates: { dims: [1, 3] } },
    build: (builder) => {
      const indices = builder.initializer('indices', columns([3, 1, -1]));
      const sum = builder.add('ScatterElements', ['w', indices, 'updates'], { axis: int(-1), ...adding });
      return builder.add('Mul', ['x', sum]);
    },
  },
  {
    name: 'ScatterND that replaces rows of a weight',
    inputs: { x: { dims: [BATCH, 3, 2] }, w: { dims: [3, 2] }, updates: { dims: [2, 2] } },
    build: (builder) => {
      const indices = builder.initializer('indices', intTensor([2, 0], [2, 1]));
      return builder.add('Mul', ['x', builder.add('ScatterND', ['w', indices, 'updates'])]);
    },
  },
  {
    name: 'ScatterND that adds elements, two of them to one place',
    inputs: { x: { dims: [BATCH, 3, 2] }, w: { dims: [3, 2] }, updates: { dims: [3] } },
    build: (builder) => {
      const indices = builder.initializer('indices', intTensor([2, 0, 0, -1, 2, 0], [3, 2]));
      return builder.add('Mul', ['x', builder.add('ScatterND', ['w', indices, 'updates'], adding)]);
    },
  },
  ...[0, 1].flatMap((upper) =>
    [undefined, -1, 2].map((diagonal): TestFunction => ({
      name: `Trilu, ${upper === 1 ? 'upper' : 'lower'}, diagonal ${diagonal ?? 'not given'}`,
      inputs: { x: { dims: [BATCH, 3, 4] } },
      build: (builder) => {
        const k = diagonal === undefined ? [] : [builder.initializer('k', intTensor([diagonal], []))];
        return builder.add('Trilu', ['x', ...k], { upper: int(upper) });
      },
    })),
  ),
  ...[0, 1].flatMap((exclusive) =>
    [0, 1].map((reverse): TestFunction => ({
      name: `CumSum, exclusive ${exclusive}, reverse ${reverse}`,
      inputs: { x: { dims: [BATCH, 3, 4] } },
      build: (builder) => {
        const axis = builder.initializer('axis', intTensor([-2], []));
        return builder.add('CumSum', ['x', axis], { exclusive: int(exclusive), reverse: int(reverse) });
      },
    })),
  ),
  {
    name: 'ReverseSequence by lengths given at run time',
    inputs: {
      x: { dims: [BATCH, 4, 2] },
      lengths: { dims: [BATCH], type: 'int64', sample: (random) => 1 + Math.floor(4 * random.uniform()) },
    },
    build: (builder) =>
      builder.add('ReverseSequence', ['x', 'lengths'], { batch_axis: int(0), time_axis: int(1) }),
  },
];
