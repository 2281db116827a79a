import pc from 'picocolors';
import { intervalText } from '../leaderboard/format.js';
import { plainTable } from '../text/plain-table.js';
import type { GateFailure, GateReport } from './check.js';

/** Newly fooled examples named per failure; the JSON report has all. */
const MOST_NAMED = 8;

/** The verdict as text: one line when passed, else a table of what fell short. */
export function renderGate(report: GateReport, options: { readonly color?: boolean } = {}): string {
  const { passed, suite, checked, failures, unguarded, warnings } = report;
  const colors = pc.createColors(options.color ?? false);
  const rules = `${checked} rule${checked === 1 ? '' : 's'}`;
  const verdict = passed
    ? colors.green(`Gate passed: ${rules} of ${suite.id} version ${suite.version} met.`)
    : colors.red(
        `Gate failed: ${failures.length} of ${rules} of ${suite.id} version ${suite.version} not met.`,
      );
  const table = plainTable(
    ['model', 'rule', 'expected', 'found', 'newly fooled'].map(colors.bold),
    failures.map((failure) => [
      failure.model,
      failure.subject ?? 'row',
      failure.expected,
      foundText(failure),
      fooledText(failure.newlyFooled),
    ]),
  );
  return [
    ...(failures.length === 0 ? [] : [table, '']),
    verdict,
    ...(unguarded.length === 0 ? [] : [colors.yellow(`No rule concerns ${unguarded.join(', ')}.`)]),
    ...warnings.map((warning) => colors.yellow(warning)),
    '',
  ].join('\n');
}

function foundText({ found, interval }: GateFailure): string {
  return interval === null ? found : `${found}\n${intervalText(interval)} %`;
}

function fooledText(indices: readonly number[]): string {
  if (indices.length === 0) return '';
  const named = indices.slice(0, MOST_NAMED).join(', ');
  return `${indices.length}: ${named}${indices.length > MOST_NAMED ? ', ...' : ''}`;
}
