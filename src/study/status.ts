import type { Study } from '../results/schema/study.js';
import type { StepResult } from './step.js';

/** How much of a study is done, in a line per part. */
export function renderStatus({ progress }: Study): string {
  return Object.entries(progress)
    .map(([part, { done, of, missing, stale }]) => {
      const next = missing.length === 0 ? '' : `; next ${missing[0]!}`;
      const left = stale.length === 0 ? '' : `; stale: ${stale.join(', ')}`;
      return `${part}: ${done} of ${of}${next}${left}`;
    })
    .join('\n');
}

/** What became of a step, counted, with reasons for what did not succeed. */
export function renderStep(results: readonly StepResult[]): string {
  const counts = new Map<string, number>();
  for (const { status } of results) counts.set(status, (counts.get(status) ?? 0) + 1);
  const reasons = new Set(
    results.flatMap(({ id, status, reason }) => {
      if (reason === undefined) return [];
      return [status === 'blocked' ? `blocked: ${reason}` : `${id}: ${reason}`];
    }),
  );
  return [[...counts].map(([status, count]) => `${count} ${status}`).join(', '), ...reasons].join('\n');
}
