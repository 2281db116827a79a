import type { Histogram } from '../../metrics/latent/histogram.js';
import type { LatentReport } from '../../results/schema/latent.js';
import { bars } from '../../text/bars.js';
import { plainTable } from '../../text/plain-table.js';

/** A line of bars per unit between its smallest and its largest value, and one of all units on a common scale. */
export function renderHistograms({ histograms, codeBook }: LatentReport): string {
  const { coordinates, pooled } = histograms;
  const all = pooled === null ? [] : [row('all, peaks at -1 and 1', pooled)];
  return plainTable(
    [`Values of unit (${codeBook.from} set)`, 'lowest', '', 'highest'],
    [...all, ...coordinates.map((histogram, j) => row(String(j), histogram))],
    { right: [1] },
  );
}

const row = (name: string, { lower, upper, counts }: Histogram): string[] => [
  ...[name, lower.toPrecision(3), bars(counts), upper.toPrecision(3)],
];
