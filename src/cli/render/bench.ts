import type { Baseline } from '../../bench/baseline.js';
import type { Comparison } from '../../bench/compare.js';
import type { BenchReport, NetworkReport, PassReport, SessionsReport } from '../../results/schema/bench.js';
import { plainTable } from '../../text/plain-table.js';
import { renderAttacks } from './bench-attacks.js';
import { renderCorruptions } from './bench-corruptions.js';
import { renderEngines } from './bench-engines.js';
import { renderTraining } from './bench-training.js';

const percent = (share: number, digits = 0) => `${(100 * share).toFixed(digits)} %`;
const rate = (perSecond: number) => Math.round(perSecond).toLocaleString('en-US');
const mebibytes = (bytes: number) => `${rate(bytes / 2 ** 20)} MiB`;

/** The bench report as tables. */
export function renderBench(report: BenchReport): string {
  const { machine, engine, threads, networks, sessions } = report;
  const { attacks = [], corruptions = [], training = [], engines = [] } = report;
  const blocks = [
    `${machine.processor}, ${machine.cores} cores, node ${machine.node}, ${engine.id} ${engine.version}, ` +
      `${threads} thread(s)`,
    networks.length > 0 ? passTable(networks) : '',
    [...networks.map(summary), ...(sessions ? [sessionsLine(sessions)] : [])].join('\n'),
    training.length > 0 ? renderTraining(training) : '',
    attacks.length > 0 ? renderAttacks(attacks) : '',
    corruptions.length > 0 ? renderCorruptions(corruptions) : '',
    engines.length > 0 ? renderEngines(engines) : '',
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

const passTable = (networks: readonly NetworkReport[]): string =>
  plainTable(
    ['network', 'pass', 'ms', 'images/s', 'GFLOP/s', 'of peak', 'in turns', ''],
    networks.flatMap(rowsOf),
    { right: [2, 3, 4, 5] },
  );

const sessionsLine = ({ count, network, ratio, inTurns, alone }: SessionsReport): string =>
  `${count} sessions of ${network} in turns: ${ratio.toFixed(2)}x the time of one alone ` +
  `(${inTurns.fastest.toFixed(1)} and ${alone.fastest.toFixed(1)} ms)`;

function rowsOf({ id, forward, gradient, pgd, backwardRatio, torch }: NetworkReport): string[][] {
  const ahead = (ours: PassReport, theirs: PassReport) =>
    `ours is ${(theirs.milliseconds.fastest / ours.milliseconds.fastest).toFixed(2)}x as fast, ` +
    `${(theirs.milliseconds.median / ours.milliseconds.median).toFixed(2)}x in the median`;
  return [
    row(id, 'forward', forward, ''),
    row('', 'forward + gradient', gradient, `backward ${backwardRatio.toFixed(2)}x forward`),
    row('', `PGD-${pgd.steps}`, pgd, `${percent(pgd.shareOutsideEngine, 1)} outside the engine`),
    ...(torch === undefined
      ? []
      : [
          row(`  torch ${torch.version}`, 'forward', torch.forward, ahead(forward, torch.forward)),
          row('', 'forward + gradient', torch.gradient, ahead(gradient, torch.gradient)),
        ]),
  ];
}

const row = (id: string, name: string, pass: PassReport, remark: string): string[] => [
  ...[id, name, pass.milliseconds.fastest.toFixed(1), rate(pass.imagesPerSecond), pass.gflops.toFixed(1)],
  ...[percent(pass.shareOfPeak), percent(pass.shareInTurns), remark],
];

function summary({ id, title, batchSize, forwardFlops, peak, peakMemory }: NetworkReport): string {
  return (
    `${id}: ${title}; batch ${batchSize}, ${(forwardFlops / 1e9).toPrecision(3)} GFLOP forward, ` +
    `peak ${peak.gflops.toFixed(0)} GFLOP/s (${peak.slowest.toFixed(0)} in the slowest slice), ${mebibytes(peakMemory)}`
  );
}

/** The comparison with a baseline as a table. */
export function renderComparison(
  { threads }: BenchReport,
  { file, report: baseline }: Baseline,
  rows: readonly Comparison[],
): string {
  const table = rows.map(({ network, measure, baseline: was, now, ratio, verdict }, i) => [
    ...[network === rows[i - 1]?.network ? '' : network, measure],
    ...[figure(was), figure(now), `${ratio.toFixed(2)}x`, verdict === 'same' ? '' : verdict],
  ]);
  return [
    `Against ${file}:`,
    ...(baseline.threads === threads
      ? []
      : [`It was measured with ${baseline.threads} thread(s), not ${threads}.`]),
    ...(rows.length === 0
      ? ['It has none of these networks.']
      : [
          '',
          plainTable(['network', 'measure', 'baseline', 'now', 'ratio', ''], table, { right: [2, 3, 4] }),
        ]),
  ].join('\n');
}

const figure = (value: number): string => (value < 100 ? value.toFixed(2) : rate(value));
