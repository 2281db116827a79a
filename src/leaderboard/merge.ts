import { GauntletError } from '../errors.js';
import { canonicalJson, fingerprintOf } from '../fingerprint.js';
import type { Leaderboard, LeaderboardColumn, LeaderboardRow } from '../results/schema/leaderboard.js';
import type { SuiteSummary } from '../results/schema/run.js';
import { pluginDifference } from './plugins.js';
import { rankRows } from './rank.js';

/**
 * One leaderboard from those of several runs, which may measure different models but nothing else differently: suites that
 * differ only in their models (`quick` and `quick+models=mine`) have one protocol and are told apart by name in `suite.id`.
 * Runs of different versions of an attack are not comparable either.
 * A model that several runs measured with equal results has one row; with different results, it has one each, flagged.
 * @throws GauntletError SUITE_MISMATCH
 */
export function mergeLeaderboards(leaderboards: readonly Leaderboard[]): Leaderboard {
  const [first] = leaderboards;
  if (first === undefined) throw new GauntletError('USAGE', 'At least one run must be named.');
  for (const [i, one] of leaderboards.entries()) {
    for (const other of leaderboards.slice(i + 1)) requireComparable(one, other);
  }
  const suites = [...new Map(leaderboards.map(({ suite }) => [suite.fingerprint, suite])).values()];
  const base = suites.toSorted((a, b) => a.id.length - b.id.length)[0]!;
  const rows = uniqueRows(leaderboards.flatMap((leaderboard) => leaderboard.rows));
  return {
    ...first,
    suite: suites.length === 1 ? base : { ...base, ...jointName(suites) },
    columns: first.columns.map((column) => mergedColumn(column, leaderboards)),
    data: leaderboards.find((leaderboard) => leaderboard.data !== null)?.data ?? null,
    rows: rankRows(rows, first.ranked),
  };
}

/** A table of several suites is of none of them: thresholds of one must not fit it. */
function jointName(suites: readonly SuiteSummary[]): Pick<SuiteSummary, 'id' | 'fingerprint'> {
  return {
    id: suites.map((suite) => suite.id).join(', '),
    fingerprint: fingerprintOf(suites.map((suite) => suite.fingerprint).sort()),
  };
}

/** The column as a run has it that measured something there. */
function mergedColumn(column: LeaderboardColumn, leaderboards: readonly Leaderboard[]): LeaderboardColumn {
  const versions = leaderboards.map(({ columns }) => columns.find(({ id }) => id === column.id));
  return versions.find((version) => version?.plugins !== undefined) ?? column;
}

function requireComparable(first: Leaderboard, other: Leaderboard): void {
  if (first.suite.protocol !== other.suite.protocol) {
    throw new GauntletError(
      'SUITE_MISMATCH',
      `The runs are of ${describe(first)} and of ${describe(other)}, which measure differently.`,
    );
  }
  if (first.data !== null && other.data !== null && first.data !== other.data) {
    throw new GauntletError(
      'SUITE_MISMATCH',
      `The runs saw different data under the name ${first.suite.dataset.source} (${first.data.slice(0, 12)}, ${other.data.slice(0, 12)}).`,
    );
  }
  for (const column of first.columns) {
    const twin = other.columns.find(({ id }) => id === column.id);
    const difference = twin && pluginDifference(column, twin);
    if (difference !== undefined) {
      throw new GauntletError(
        'SUITE_MISMATCH',
        `The runs measured ${column.id} with other versions of plugins: ${difference}.`,
        { help: 'Run the older one again with the same version.' },
      );
    }
  }
}

const describe = ({ suite }: Leaderboard) => `${suite.id} version ${suite.version}`;

function uniqueRows(rows: readonly LeaderboardRow[]): LeaderboardRow[] {
  const kept: LeaderboardRow[] = [];
  // Complete rows first, so that an incomplete one is kept only where no run completed the model.
  for (const row of [
    ...rows.filter(({ complete }) => complete),
    ...rows.filter(({ complete }) => !complete),
  ]) {
    const twins = kept.filter((other) => isSameModel(row, other));
    const redundant = !row.complete && twins.length > 0;
    if (!redundant && !twins.some((twin) => canonicalJson(twin.columns) === canonicalJson(row.columns)))
      kept.push(row);
  }
  const order = (row: LeaderboardRow) => rows.indexOf(row);
  return kept.sort((a, b) => order(a) - order(b)).map((row) => flagTwins(row, kept));
}

function flagTwins(row: LeaderboardRow, rows: readonly LeaderboardRow[]): LeaderboardRow {
  const count = rows.filter((other) => isSameModel(row, other)).length;
  if (count === 1 || row.flags.some((flag) => flag.code === 'runs-disagree')) return row;
  const message = `${count} runs measured this model with different results.`;
  return { ...row, flags: [...row.flags, { code: 'runs-disagree', entry: 'run', message }] };
}

const isSameModel = (a: LeaderboardRow, b: LeaderboardRow): boolean =>
  a.model.id === b.model.id && a.model.sha256 === b.model.sha256 && a.model.gradient === b.model.gradient;
