import pc from 'picocolors';
import type { CheckResult } from '../doctor-checks.js';

const MARKS = {
  ok: pc.green('ok     '),
  warning: pc.yellow('warning'),
  failed: pc.red('failed '),
} as const;

/** One line per check. */
export function renderDoctor(checks: readonly CheckResult[]): string {
  const width = Math.max(...checks.map((check) => check.label.length));
  return checks
    .map(({ status, label, detail }) => `${MARKS[status]} ${label.padEnd(width)}  ${detail}`)
    .join('\n');
}
