import type { BenchReport, NetworkReport, PassReport } from '../results/schema/bench.js';

/** A figure that one machine and the next, or a busy and a quiet moment of one, should agree on. */
interface Measure {
  readonly name: string;
  readonly of: (network: NetworkReport) => number;
  readonly better: 'higher' | 'lower';
}

const share =
  (pass: (network: NetworkReport) => PassReport) =>
  (network: NetworkReport): number =>
    pass(network).shareOfPeak;

/** Shares and ratios of figures taken in one run; milliseconds would compare machines. */
const MEASURES: readonly Measure[] = [
  { name: 'forward, of peak', of: share(({ forward }) => forward), better: 'higher' },
  { name: 'gradient, of peak', of: share(({ gradient }) => gradient), better: 'higher' },
  { name: 'PGD, of peak', of: share(({ pgd }) => pgd), better: 'higher' },
  { name: 'PGD, inside engine', of: ({ pgd }) => 1 - pgd.shareOutsideEngine, better: 'higher' },
  { name: 'backward / forward', of: ({ backwardRatio }) => backwardRatio, better: 'lower' },
  { name: 'peak memory, MiB', of: ({ peakMemory }) => peakMemory / 2 ** 20, better: 'lower' },
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
    return MEASURES.map(({ name, of, better }) => {
      const [was, is] = [of(before), of(network)];
      const ratio = is / was;
      const gain = better === 'higher' ? ratio : 1 / ratio;
      return {
        ...{ network: network.id, measure: name, baseline: was, now: is, ratio },
        verdict: verdictOf(gain, tolerance),
      };
    });
  });
}

const sameTask = (a: NetworkReport, b: NetworkReport): boolean =>
  (['id', 'batchSize', 'engineBatch', 'parameters', 'forwardFlops'] as const).every(
    (key) => a[key] === b[key],
  );

function verdictOf(gain: number, tolerance: number): Comparison['verdict'] {
  if (gain < 1 / (1 + tolerance)) return 'worse';
  return gain > 1 + tolerance ? 'better' : 'same';
}
