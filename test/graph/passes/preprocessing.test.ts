import { describe, expect, it } from '@jest/globals';
import { GraphBuilder } from '../../../src/graph/builder.js';
import { BATCH, type Graph } from '../../../src/graph/ir.js';
import { withPreprocessing, type Preprocessing } from '../../../src/graph/passes/preprocessing.js';
import { floatTensor } from '../../../src/tensor/tensor.js';
import { ops, run } from '../../fixtures/engine.js';
import { randomFloats } from '../../fixtures/graphs.js';

/** The model is the identity in effect, so that its output is the preprocessed input. */
function model(dims: readonly number[]): Graph {
  const builder = new GraphBuilder({ name: 'g', opsets: { '': 17 } });
  const x = builder.input('x', 'float32', [BATCH, ...dims]);
  builder.addNamed('Neg', [builder.add('Neg', [x])], 'y');
  builder.output('y', 'float32', [BATCH, ...dims]);
  return builder.build();
}

const float32 = Math.fround;
const pick = (value: number | readonly number[] | undefined, channel: number, otherwise: number): number =>
  value === undefined
    ? otherwise
    : typeof value === 'number'
      ? value
      : value[value.length === 1 ? 0 : channel]!;

describe('withPreprocessing', () => {
  const cases: [string, readonly number[], Preprocessing][] = [
    ['scale alone', [3, 2, 2], { scale: 1 / 255, channelAxis: 1 }],
    ['one mean and deviation', [1, 2, 2], { mean: 0.1307, std: 0.3081, channelAxis: 1 }],
    [
      'values per channel, channels first',
      [3, 2, 2],
      { mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.4], channelAxis: 1 },
    ],
    [
      'values per channel, channels last',
      [2, 2, 3],
      { mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.4], channelAxis: 3 },
    ],
    ['all three', [3, 2, 2], { scale: 2, mean: [0.4, 0.5, 0.6], std: 0.5, channelAxis: 1 }],
  ];
  it.each(cases)(
    'computes (x * scale - mean) / std with %s, in float32',
    async (_name, dims, preprocessing) => {
      const data = randomFloats(5, 2 * 12).subarray(0, 2 * dims.reduce((a, b) => a * b));
      const { y } = await run(withPreprocessing(model(dims), preprocessing), {
        x: floatTensor(data, [2, ...dims]),
      });
      const { scale = 1, mean, std, channelAxis } = preprocessing;
      const stride = [2, ...dims].slice(channelAxis + 1).reduce((a, b) => a * b, 1);
      const channels = [2, ...dims][channelAxis]!;
      const expected = data.map((value, i) => {
        const channel = Math.floor(i / stride) % channels;
        const centred = float32(float32(value * float32(scale)) - float32(pick(mean, channel, 0)));
        return float32(centred / float32(pick(std, channel, 1)));
      });
      expect(y!.data).toEqual(expected);
    },
  );

  it('keeps the name and shape of the input', () => {
    const graph = model([3, 2, 2]);
    expect(withPreprocessing(graph, { mean: 0.5, channelAxis: 1 }).inputs).toEqual(graph.inputs);
  });

  it('adds nothing that does nothing', () => {
    const graph = model([3, 2, 2]);
    expect(withPreprocessing(graph, { scale: 1, mean: [0, 0, 0], std: 1, channelAxis: 1 })).toBe(graph);
    expect(ops(withPreprocessing(graph, { scale: 2, mean: 0, channelAxis: 1 }))).toEqual([
      'Mul',
      'Neg',
      'Neg',
    ]);
  });

  it.each([
    [{ mean: [1, 2], channelAxis: 1 }, /mean has 2 values.*has 3/],
    [{ std: [1, 2, 3, 4], channelAxis: 1 }, /std has 4 values/],
    [{ std: [1, 0, 1], channelAxis: 1 }, /zero/],
  ])('refuses %j', (preprocessing, message) => {
    expect(() => withPreprocessing(model([3, 2, 2]), preprocessing)).toThrow(message);
    expect(() => withPreprocessing(model([3, 2, 2]), preprocessing)).toThrow(
      expect.objectContaining({ key: 'CARD_INVALID' }),
    );
  });
});
