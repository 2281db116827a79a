import { describe, expect, it } from '@jest/globals';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime/engine.js';
import { float, GraphBuilder } from '../../src/graph/builder.js';
import { keyedStream } from '../../src/random/keyed.js';
import { floatTensor } from '../../src/tensor/tensor.js';
import { withBatchStatistics } from '../../src/train/batch-statistics.js';

const CHANNELS = 2;
const AREA = 6;

/** One normalisation whose statistics are inputs, in training mode, with the next statistics as outputs. */
function trainingGraph() {
  const builder = new GraphBuilder({ name: 'norm', opsets: { '': 17 } });
  builder.input('x', 'float32', ['batch', CHANNELS, 2, 3]);
  const names = ['scale', 'shift', 'mean', 'variance'];
  for (const name of names) builder.input(name, 'float32', [CHANNELS]);
  builder.addNamed('BatchNormalization', ['x', ...names], 'y', { epsilon: float(1e-5) });
  builder.output('y', 'float32', ['batch', CHANNELS, 2, 3]);
  const { graph, next } = withBatchStatistics(builder.build());
  const after = [next.get('mean')!, next.get('variance')!] as const;
  const outputs = [
    ...graph.outputs,
    ...after.map((name) => ({ name, type: 'float32', dims: [CHANNELS] }) as const),
  ];
  return { graph: { ...graph, outputs }, after };
}

describe('batch normalisation in training mode', () => {
  it('normalises with the batch and moves the running statistics a tenth of the way to it', async () => {
    const { graph, after } = trainingGraph();
    const n = 5;
    const data = keyedStream(0, 0, 'x').fillNormal(new Float32Array(n * CHANNELS * AREA));
    const perChannel = (...values: number[]) => floatTensor(Float32Array.from(values), [CHANNELS]);
    const [mean, variance] = [perChannel(10, 20), perChannel(3, 4)];
    const session = await (await createOnnxRuntimeEngine()).compile(graph, { threads: 1 });
    const found = await session.run({
      x: floatTensor(data, [n, CHANNELS, 2, 3]),
      ...{ scale: perChannel(2, 3), shift: perChannel(0.5, -1) },
      ...{ mean, variance },
    });
    await session.release();
    expect([...mean.data, ...variance.data]).toEqual([10, 20, 3, 4]);
    for (let c = 0; c < CHANNELS; c++) {
      const of = (values: Float32Array) => values.filter((_, i) => Math.floor(i / AREA) % CHANNELS === c);
      const mean = of(data).reduce((sum, value) => sum + value, 0) / (n * AREA);
      const variance = of(data).reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n * AREA);
      const [scale, shift] = [[2, 3][c]!, [0.5, -1][c]!];
      const expected = of(data).map((value) => shift + (scale * (value - mean)) / Math.sqrt(variance + 1e-5));
      const y = of(found['y']!.data as Float32Array);
      expect(Math.max(...y.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-5);
      expect(found[after[0]]!.data[c]).toBeCloseTo(0.9 * [10, 20][c]! + 0.1 * mean, 5);
      expect(found[after[1]]!.data[c]).toBeCloseTo(0.9 * [3, 4][c]! + 0.1 * variance, 5);
    }
  });
});
