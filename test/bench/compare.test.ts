import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openBaseline } from '../../src/bench/baseline.js';
import { compareReports } from '../../src/bench/compare.js';
import { benchNetworkIds } from '../../src/bench/networks/index.js';
import { renderBench, renderComparison } from '../../src/cli/render/bench.js';
import type { BenchReport, NetworkReport } from '../../src/results/schema/bench.js';
import { validateResult } from '../../src/results/validate.js';

const pass = (shareOfPeak: number) => ({
  milliseconds: { fastest: 10, median: 12 },
  imagesPerSecond: 12_800,
  gflops: 160 * shareOfPeak,
  shareOfPeak,
  shareInTurns: 0.9 * shareOfPeak,
});

const network = (change: Partial<NetworkReport> = {}): NetworkReport => ({
  id: 'cnn',
  title: 'CNN',
  batchSize: 128,
  parameters: 1000,
  forwardFlops: 60_000_000,
  peak: { gflops: 160, slowest: 120 },
  forward: pass(0.6),
  gradient: pass(0.5),
  pgd: { ...pass(0.4), steps: 10, shareOutsideEngine: 0.05 },
  backwardRatio: 1,
  peakMemory: 400 * 2 ** 20,
  ...change,
});

const report = (...networks: NetworkReport[]): BenchReport =>
  validateResult(
    'bench',
    {
      schemaVersion: 1,
      kind: 'bench',
      tool: { name: 'gauntlet', version: '0' },
      engine: { id: 'onnxruntime', version: '0' },
      machine: { processor: 'x', cores: 2, node: '20' },
      threads: 2,
      networks,
    },
    'test',
  );

const verdicts = (baseline: NetworkReport, now: NetworkReport, tolerance?: number) =>
  Object.fromEntries(
    compareReports(report(baseline), report(now), tolerance).map(({ measure, verdict }) => [
      measure,
      verdict,
    ]),
  );

describe('the comparison with a baseline', () => {
  it('of equal reports finds nothing', () => {
    expect(new Set(Object.values(verdicts(network(), network())))).toEqual(new Set(['same']));
  });

  it('calls a lower share of the peak worse and a higher one better', () => {
    const now = network({ forward: pass(0.4), gradient: pass(0.8) });
    expect(verdicts(network(), now)).toMatchObject({
      'forward, of peak': 'worse',
      'gradient, of peak': 'better',
      'PGD, of peak': 'same',
    });
  });

  it('goes by the reading that changed least, as a busy machine changes the others', () => {
    const busy = { ...pass(0.6), shareOfPeak: 0.2 };
    expect(verdicts(network(), network({ forward: busy }))).toMatchObject({ 'forward, of peak': 'same' });
  });

  it('calls more memory and a dearer backward pass worse', () => {
    const gradient = (median: number) => ({ ...pass(0.5), milliseconds: { fastest: 20, median } });
    const before = network({ gradient: gradient(24) });
    const now = network({ backwardRatio: 1.5, gradient: gradient(30), peakMemory: 800 * 2 ** 20 });
    expect(verdicts(before, now)).toMatchObject({
      'backward / forward': 'worse',
      'peak memory, MiB': 'worse',
    });
  });

  it('forgives what is within the tolerance, either way alike', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (factor, tolerance) => {
          const forth = verdicts(network(), network({ forward: pass(0.6 * factor) }), tolerance);
          const back = verdicts(network({ forward: pass(0.6 * factor) }), network(), tolerance);
          const opposite = { same: 'same', better: 'worse', worse: 'better' } as const;
          const verdict = forth['forward, of peak']!;
          // Exactly at the edge rounding may decide.
          fc.pre(Math.abs(Math.abs(Math.log(factor)) - Math.log1p(tolerance)) > 1e-9);
          expect(verdict === 'same').toBe(Math.abs(Math.log(factor)) <= Math.log1p(tolerance));
          expect(back['forward, of peak']).toBe(opposite[verdict]);
        },
      ),
    );
  });

  it('leaves out what was not timed alike', () => {
    const others: Partial<NetworkReport>[] = [
      { id: 'mlp' },
      { batchSize: 64 },
      { parameters: 1001 },
      { forwardFlops: 1 },
      { engineBatch: 32 },
    ];
    for (const other of others) expect(compareReports(report(network(other)), report(network()))).toEqual([]);
  });
});

describe('the rendered report', () => {
  const torch = {
    version: '2.0',
    forward: { ...pass(0.3), milliseconds: { fastest: 20, median: 18 } },
    gradient: pass(0.5),
  };

  it('shows every pass with its share of the peak, and PyTorch beside it', () => {
    const text = renderBench(report(network({ torch })));
    expect(text).toMatch(/cnn +forward +10\.0 +12,800 +96\.0 +60 % +54 %/);
    expect(text).toMatch(/PGD-10 .* 40 % +36 % +5\.0 % outside the engine/);
    expect(text).toMatch(/torch 2\.0 +forward .*ours is 2\.00x as fast, 1\.50x in the median/);
    expect(text).toMatch(/peak 160 GFLOP\/s \(120 in the slowest slice\), 400 MiB/);
  });

  it('shows the comparison, and says when threads differ', () => {
    const [was, now] = [report(network()), report(network({ forward: pass(0.3) }))];
    const baseline = { file: 'old.json', report: { ...was, threads: 1 } };
    const text = renderComparison(now, baseline, compareReports(was, now));
    expect(text).toContain('old.json');
    expect(text).toContain('measured with 1 thread(s), not 2');
    expect(text).toMatch(/cnn +forward, of peak +0\.60 +0\.30 +0\.50x +worse/);
  });
});

describe('a baseline', () => {
  it('that cannot be read is a wrong argument', async () => {
    await expect(openBaseline('/nowhere/baseline.json')).rejects.toThrow(
      expect.objectContaining({ key: 'USAGE' }),
    );
  });

  it('that is no report is refused', async () => {
    await expect(openBaseline('package.json')).rejects.toThrow(
      expect.objectContaining({ key: 'RESULT_INVALID' }),
    );
  });

  it('comes with the repository and covers all networks', async () => {
    const baseline = await openBaseline(undefined);
    expect(baseline?.file).toContain('bench-baseline.json');
    expect(baseline?.report.networks.map(({ id }) => id)).toEqual(benchNetworkIds);
    expect(await openBaseline(false)).toBeUndefined();
  });
});
