import type { BenchReport } from '../../bench/bench.js';
import { plainTable } from '../../text/plain-table.js';

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
const rate = (perSecond: number) => Math.round(perSecond).toLocaleString('en-US');

/** The bench report as a table. */
export function renderBench(report: BenchReport): string {
  const { machine, engine, threads, batchSize, peak, models } = report;
  const rows = models.flatMap(({ id, forward, gradient, pgd }) => [
    [id, 'forward', rate(forward.imagesPerSecond), percent(forward.shareOfPeak), ''],
    [id, 'gradient', rate(gradient.imagesPerSecond), percent(gradient.shareOfPeak), ''],
    [id, `PGD-${pgd.steps}`, rate(pgd.imagesPerSecond), '', percent(pgd.shareOutsideEngine)],
  ]);
  return [
    `${machine.processor}, ${machine.cores} cores, node ${machine.node}, ${engine.id} ${engine.version}`,
    `${threads} thread(s), batch ${batchSize}; matrix product ${peak.gflops.toFixed(1)} GFLOP/s`,
    '',
    plainTable(['model', 'what', 'images/s', 'of peak', 'outside engine'], rows, { right: [2, 3, 4] }),
  ].join('\n');
}
