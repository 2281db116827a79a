const HEIGHTS = '▁▂▃▄▅▆▇█';

/** What stands for a count of 0, which the lowest bar is not. */
const NOTHING = '·';

/** Counts as a line of bars, one letter each, the largest at full height: `█▁··▃`. */
export function bars(counts: readonly number[]): string {
  const largest = Math.max(0, ...counts);
  return counts
    .map((count) => (count === 0 ? NOTHING : HEIGHTS[Math.ceil((HEIGHTS.length * count) / largest) - 1]!))
    .join('');
}
