import type { Column, SuiteSummary } from '../results/schema/run.js';
import type { ColumnValue, CorruptionFigure, LeaderboardInterval } from '../results/schema/leaderboard.js';

const UNFINISHED = {
  'not-applicable': 'not applicable',
  'timed-out': 'timed out',
  error: 'error',
  missing: 'missing',
} as const;

/** `93.1 %`. Shares below 100 % are not rounded up to it. */
export function percent(share: number): string {
  const text = (100 * share).toFixed(1);
  return `${text === '100.0' && share < 1 ? '99.9' : text} %`;
}

/** `[91.4, 94.5]`, in per cent; `[99.6, 100]` at the end, so that no interval is longer than another. */
export function intervalText({ lower, upper }: Pick<LeaderboardInterval, 'lower' | 'upper'>): string {
  const bound = (share: number) => (100 * share).toFixed(1).replace('100.0', '100');
  return `[${bound(lower)}, ${bound(upper)}]`;
}

/** Lines of one field: the number, its interval, and what is doubtful about it. */
export function valueLines(value: ColumnValue): string[] {
  if (value.status !== 'completed') return [UNFINISHED[value.status]];
  const { accuracy, interval, invalid, medianDistance } = value;
  return [
    percent(accuracy),
    intervalText(interval),
    ...(medianDistance === undefined ? [] : [`median ${medianDistance?.toPrecision(3) ?? 'infinite'}`]),
    ...(invalid > 0 ? [`${invalid} invalid`] : []),
  ];
}

/**
 * A figure against a baseline, in per cent: `87.3 % [85.0, 89.6]`, which may exceed 100 or be negative; `[-]` where some resample has no
 * value, `-` where there is none at all.
 * @param joint what stands before the interval
 */
export function figureText(figure: CorruptionFigure | undefined, joint: string): string {
  if (figure === undefined || !('interval' in figure)) return '-';
  const number = (ratio: number) => (100 * ratio).toFixed(1);
  const { interval } = figure;
  const range = interval === null ? '-' : `${number(interval.lower)}, ${number(interval.upper)}`;
  return `${number(figure.value)} %${joint}[${range}]`;
}

/** What is measured: `1,000 examples of mnist (test)`. */
export function examplesText({ dataset, n }: Pick<SuiteSummary, 'dataset' | 'n'>): string {
  return `${n.toLocaleString('en-US')} examples of ${dataset.source} (${dataset.split})`;
}

/** Heading of a column in lines of at most `width` characters; words that are longer stay whole. */
export function headingLines(column: Column, width: number): string[] {
  const title = column.title.replace(/ accuracy(?=,|$)/, '').replace(/, an upper bound$/, '');
  const [name = '', ...qualifiers] = title.split(', mean over severities');
  const lines = wrapText(name, width);
  if (column.upperBound) lines.push('upper bound');
  if (qualifiers.length > 0) lines.push('mean');
  return lines;
}

/** Text in lines of at most `width` characters; words that are longer stay whole. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
