import type { BenchReport, NetworkReport, PassReport } from '../results/schema/bench.js';

/**
 * A figure that one machine and the next should agree on. Where there are several readings of it, the one that changed least
 * counts: what made the others change was the machine's other work.
 */
interface Measure {
  readonly name: string;
  readonly readings: (network: NetworkReport) => readonly number[];
  readonly better: 'higher' | 'lower';
}

const share = ({ shareOfPeak, shareInTurns }: PassReport) => [shareOfPeak, shareInTurns];

const backward = ({ backwardRatio, forward, gradient }: NetworkReport) => [
  backwardRatio,
  gradient.milliseconds.median / forward.milliseconds.median - 1,
];

/** Shares and ratios of figures taken in one run; milliseconds would compare machines. */
const MEASURES: readonly Measure[] = [
  { name: 'forward, of peak', readings: ({ forward }) => share(forward), better: 'higher' },
  { name: 'gradient, of peak', readings: ({ gradient }) => share(gradient), better: 'higher' },
  { name: 'PGD, of peak', readings: ({ pgd }) => share(pgd), better: 'higher' },
  { name: 'PGD, inside engine', readings: ({ pgd }) => [1 - pgd.shareOutsideEngine], better: 'higher' },
  { name: 'backward / forward', readings: backward, better: 'lower' },
  { name: 'peak memory, MiB', readings: ({ peakMemory }) => [peakMemory / 2 ** 20], better: 'lower' },
];

/** A measure of a network now and in the baseline. */
export interface Comparison {
  readonly network: string;
  readonly measure: string;
  readonly baseline: number;
  readonly now: number;
  /** now / baseline. */
  readonly ratio: number;
  readonly verdict: 'same' | 'better' | 'worse';
}

/** Relative change that is still the same: what repeated runs on a machine that also does other things differ by. */
export const DEFAULT_TOLERANCE = 0.15;

/**
 * Compares the networks that both reports have and that were timed alike: with as many weights, images per call and, unless the
 * classifier chose them, images per engine call.
 */
export function compareReports(
  baseline: BenchReport,
  now: BenchReport,
  tolerance: number = DEFAULT_TOLERANCE,
): Comparison[] {
  return now.networks.flatMap((network) => {
    const before = baseline.networks.find((one) => sameTask(one, network));
    if (before === undefined) return [];
    return MEASURES.map(({ name, readings, better }) => {
      const reading = steadiest(readings(before), readings(network));
      const gain = better === 'higher' ? reading.ratio : 1 / reading.ratio;
      return { network: network.id, measure: name, ...reading, verdict: verdictOf(gain, tolerance) };
    });
  });
}

function steadiest(
  before: readonly number[],
  after: readonly number[],
): Pick<Comparison, 'baseline' | 'now' | 'ratio'> {
  const readings = after.map((now, i) => ({ baseline: before[i]!, now, ratio: now / before[i]! }));
  const change = ({ ratio }: { readonly ratio: number }) =>
    ratio > 0 ? Math.abs(Math.log(ratio)) : Infinity;
  return readings.reduce((least, one) => (change(one) < change(least) ? one : least));
}

const sameTask = (a: NetworkReport, b: NetworkReport): boolean =>
  (['id', 'batchSize', 'engineBatch', 'parameters', 'forwardFlops'] as const).every(
    (key) => a[key] === b[key],
  );

function verdictOf(gain: number, tolerance: number): Comparison['verdict'] {
  if (gain < 1 / (1 + tolerance)) return 'worse';
  return gain > 1 + tolerance ? 'better' : 'same';
}
