import { beforeAll, describe, expect, it } from '@jest/globals';
import { measureNetwork } from '../../src/bench/network.js';
import { measureSessions } from '../../src/bench/sessions.js';

type Report = Awaited<ReturnType<typeof measureNetwork>>;

describe('a timed network', () => {
  const slices: string[] = [];
  let report: Report;
  beforeAll(async () => {
    report = await measureNetwork('mlp', {
      ...{ threads: 1, rounds: 1, slice: 10, batchSize: 8 },
      onSlice: (name) => slices.push(name),
    });
  });

  it('is timed between matrix products', () => {
    const product = 'matrix product';
    expect(slices).toEqual([product, 'forward', product, 'forward + gradient', product, 'PGD-10', product]);
  });

  it('is reported in figures that hang together', () => {
    const { forward, gradient, pgd, forwardFlops, peak } = report;
    const flops = [
      [forward, forwardFlops],
      [gradient, 2 * forwardFlops],
      [pgd, 20 * forwardFlops],
    ] as const;
    for (const [pass, perImage] of flops) {
      expect(pass.milliseconds.fastest).toBeGreaterThan(0);
      expect(pass.imagesPerSecond * pass.milliseconds.fastest).toBeCloseTo(8000, 6);
      expect(pass.gflops * 1e9).toBeCloseTo(pass.imagesPerSecond * perImage, 0);
      expect(pass.shareOfPeak * peak.gflops).toBeCloseTo(pass.gflops, 6);
    }
    const ratio = gradient.milliseconds.fastest / forward.milliseconds.fastest - 1;
    expect(report.backwardRatio).toBeCloseTo(Math.max(0, ratio), 10);
    expect(peak.slowest).toBeLessThanOrEqual(peak.gflops);
  });

  it('spends part of an attack outside the engine', () => {
    expect(report.pgd.shareOutsideEngine).toBeGreaterThan(0);
    expect(report.pgd.shareOutsideEngine).toBeLessThan(1);
  });

  it('stops when asked to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const options = { threads: 1, rounds: 1, slice: 1, signal };
    await expect(measureNetwork('mlp', options)).rejects.toThrow('enough');
  });

  it('is not compared with a Python that is none', async () => {
    const options = { threads: 1, rounds: 1, slice: 1, python: '/nowhere/python' };
    await expect(measureNetwork('mlp', options)).rejects.toThrow(
      expect.objectContaining({ key: 'USAGE', message: expect.stringContaining('/nowhere/python') }),
    );
  });
});

describe('sessions in turns', () => {
  it('are compared with one session alone', async () => {
    const report = await measureSessions({ threads: 1, rounds: 1, slice: 10 });
    expect(report).toMatchObject({ network: 'cnn', count: 4 });
    expect(report.ratio).toBeCloseTo(report.inTurns.fastest / report.alone.fastest, 10);
  });
});
