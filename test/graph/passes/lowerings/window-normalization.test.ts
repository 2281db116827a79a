import { describe, expect, it } from '@jest/globals';
import { int, ints, float, string, GraphBuilder, type Attributes } from '../../../../src/graph/builder.js';
import { BATCH, type Graph } from '../../../../src/graph/ir.js';
import { upgradeOpset } from '../../../../src/graph/passes/upgrade-opset.js';
import { difference, ops } from '../../../fixtures/engine.js';
import { randomTensor } from '../../../fixtures/graphs.js';

/** One operator on an image, with weights of the given shapes. */
function single(
  opset: number,
  op: string,
  attributes: Attributes,
  weights: readonly (readonly number[])[] = [],
  dims: readonly (number | string)[] = [BATCH, 4, 7, 8],
): Graph {
  const builder = new GraphBuilder({ name: op, opsets: { '': opset } });
  const x = builder.input('x', 'float32', dims);
  const others = weights.map((shape, i) => builder.initializer('w', randomTensor(i + 1, shape)));
  builder.addNamed(op, [x, ...others], 'y', attributes);
  return { ...builder.build(), outputs: [{ name: 'y', type: 'float32', dims: [], undeclared: 'shape' }] };
}

const square = { kernel_shape: ints([2, 3]) };
const holes = { ...square, dilations: ints([2, 2]) };
const order = { p: int(3) };
const groups = { num_groups: int(2) };

const cases: [string, Graph][] = [
  ['LpPool of 18', single(18, 'LpPool', { ...square, ceil_mode: int(0), dilations: ints([1, 1]) })],
  ['LpPool of 22 with dilations', single(22, 'LpPool', { ...holes, ...order })],
  ['LpPool of 18 with dilations and padding', single(18, 'LpPool', { ...holes, pads: ints([1, 0, 1, 2]) })],
  [
    'LpPool of 18, rounding up',
    single(18, 'LpPool', { ...square, strides: ints([2, 3]), ceil_mode: int(1), p: int(1) }),
  ],
  [
    'LpPool of 18, rounding up with dilations',
    single(18, 'LpPool', { ...holes, strides: ints([3, 2]), ceil_mode: int(1), ...order }),
  ],
  [
    'LpPool of 18 with automatic padding',
    single(18, 'LpPool', {
      ...square,
      strides: ints([2, 2]),
      ceil_mode: int(1),
      auto_pad: string('SAME_UPPER'),
    }),
  ],
  [
    'LpPool of 18 along one axis',
    single(18, 'LpPool', { kernel_shape: ints([2]), dilations: ints([3]) }, [], [BATCH, 2, 7]),
  ],
  ['AveragePool of 19 with dilations', single(19, 'AveragePool', holes)],
  [
    'AveragePool of 19 with dilations and padding',
    single(19, 'AveragePool', { ...holes, pads: ints([1, 2, 0, 1]), strides: ints([1, 2]) }),
  ],
  [
    'AveragePool of 22 with dilations, padding counted',
    single(22, 'AveragePool', { ...holes, pads: ints([1, 2, 0, 1]), count_include_pad: int(1) }),
  ],
  [
    'AveragePool of 19 with dilations, rounding up',
    single(19, 'AveragePool', { ...holes, strides: ints([3, 2]), ceil_mode: int(1) }),
  ],
  ['GroupNormalization of 18', single(18, 'GroupNormalization', groups, [[2], [2]])],
  [
    'GroupNormalization of 18 with epsilon',
    single(18, 'GroupNormalization', { ...groups, epsilon: float(0.3) }, [[2], [2]]),
  ],
  ['GroupNormalization of 21', single(21, 'GroupNormalization', groups, [[4], [4]])],
  [
    'GroupNormalization of 22 of sequences',
    single(22, 'GroupNormalization', groups, [[4], [4]], [BATCH, 4, 5]),
  ],
  ['RMSNormalization of 23', single(23, 'RMSNormalization', {}, [[8]])],
  [
    'RMSNormalization of 23 over two axes',
    single(23, 'RMSNormalization', { axis: int(-2), epsilon: float(0.1) }, [[7, 8]]),
  ],
  [
    'RMSNormalization of 24, axis from the front',
    single(24, 'RMSNormalization', { axis: int(1) }, [[4, 7, 8]]),
  ],
];

describe('lowered to operator set 17, the same is computed by', () => {
  it.each(cases)('%s', async (_name, graph) => {
    const lowered = upgradeOpset(graph);
    expect(lowered.opsets).toEqual({ '': 17 });
    expect(await difference(lowered, graph)).toBeLessThanOrEqual(2e-6);
  });
});

describe('a pooling of a later set', () => {
  it('stays a pooling where its new attributes say nothing', () => {
    const plain = { ...square, dilations: ints([1, 1]) };
    expect(ops(upgradeOpset(single(19, 'AveragePool', plain)))).toEqual(['AveragePool']);
    expect(ops(upgradeOpset(single(18, 'LpPool', { ...plain, ceil_mode: int(0) })))).toEqual(['LpPool']);
  });

  it.each([
    [
      'rounding up beyond the padding',
      { ...square, strides: ints([3, 3]), pads: ints([0, 0, 1, 1]), ceil_mode: int(1) },
    ],
    ['holes and automatic padding', { ...holes, auto_pad: string('SAME_LOWER') }],
  ])('is left as it is with %s', (_name, attributes) => {
    const graph = single(18, 'LpPool', attributes);
    expect(upgradeOpset(graph)).toBe(graph);
  });
});
