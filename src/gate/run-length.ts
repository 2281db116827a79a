/** Outcomes as runs, `12r1w30r`: mostly one letter, they shrink to a tenth. */
export function encodeRuns(outcomes: string): string {
  return outcomes.replace(/(.)\1*/gs, (run, letter: string) => `${run.length}${letter}`);
}

/** The outcomes that encodeRuns was given; runs beyond `length` characters are cut, as they belong to other examples. */
export function decodeRuns(runs: string, length: number): string {
  const parts: string[] = [];
  let left = length;
  for (const [, count, letter] of runs.matchAll(/(\d+)(\D)/g)) {
    const repeated = Math.min(Number(count), left);
    parts.push(letter!.repeat(repeated));
    left -= repeated;
  }
  return parts.join('');
}
