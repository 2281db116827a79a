import { describe, expect, it } from '@jest/globals';
import { runBench } from '../../src/bench/bench.js';
import { timedEngine } from '../../src/bench/timed-engine.js';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime/engine.js';
import { GraphBuilder } from '../../src/graph/builder.js';
import { floatTensor } from '../../src/tensor/tensor.js';

describe('a timed engine', () => {
  it('gives the same values, and counts only the time inside graphs', async () => {
    const builder = new GraphBuilder({ name: 'double', opsets: { '': 17 } });
    const x = builder.input('x', 'float32', [2]);
    builder.output(builder.addNamed('Add', [x, x], 'y'), 'float32', [2]);
    const engine = timedEngine(await createOnnxRuntimeEngine());
    const session = await engine.compile(builder.build());
    expect(engine.seconds()).toBe(0);
    const { y } = await session.run({ x: floatTensor(Float32Array.of(1, 2), [2]) });
    expect([...(y!.data as Float32Array)]).toEqual([2, 4]);
    expect(engine.seconds()).toBeGreaterThan(0);
    engine.reset();
    expect(engine.seconds()).toBe(0);
    await session.release();
  });
});

describe('the bench', () => {
  it('measures every model and reports figures that hang together', async () => {
    const labels: string[] = [];
    const report = await runBench({
      seconds: 0.02,
      batchSize: 8,
      onProgress: (fraction, label) => {
        expect(fraction).toBeLessThan(1);
        labels.push(label);
      },
    });
    expect(labels).toEqual([
      'matrix product',
      ...['mlp', 'cnn'].flatMap((id) => [`${id}: forward`, `${id}: gradient`, `${id}: PGD-20`]),
    ]);
    for (const { forward, gradient, pgd, forwardFlops } of report.models) {
      const share = (forward.imagesPerSecond * forwardFlops) / (report.peak.gflops * 1e9);
      expect(forward.shareOfPeak).toBeCloseTo(share, 10);
      expect(gradient.imagesPerSecond).toBeGreaterThan(0);
      expect(pgd.imagesPerSecond).toBeGreaterThan(0);
      expect(pgd.shareOutsideEngine).toBeGreaterThan(0);
      expect(pgd.shareOutsideEngine).toBeLessThan(1);
    }
  });

  it('stops when asked to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(runBench({ signal, seconds: 0.01 })).rejects.toThrow('enough');
  });
});
