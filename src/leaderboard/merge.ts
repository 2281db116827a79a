import { GauntletError } from '../errors.js';
import { canonicalJson, fingerprintOf } from '../fingerprint.js';
import type { Leaderboard, LeaderboardColumn, LeaderboardRow } from '../results/schema/leaderboard.js';
import type { SuiteSummary } from '../results/schema/run.js';
import type { LeaderboardHead } from './build.js';
import { columnImages, conditionDifference, imageFlags } from './conditions.js';
import { pluginDifference } from './plugins.js';
import { rankRows } from './rank.js';

/**
 * One leaderboard from those of several runs, which may measure different models but nothing else differently: suites that
 * differ only in their models (`quick` and `quick+models=mine`) have one protocol and are told apart by name in `suite.id`.
 * Runs of different versions of an attack, or of corruptions made under other conditions or normalised by another baseline, are
 * not comparable either. Rows whose corrupted images differ from the others' all the same are flagged.
 * A model that several runs measured with equal results has one row; with different results, it has one each, flagged.
 * @throws GauntletError SUITE_MISMATCH
 */
export function mergeLeaderboards(leaderboards: readonly Leaderboard[]): Leaderboard {
  const [first] = leaderboards;
  if (first === undefined) throw new GauntletError('USAGE', 'At least one run must be named.');
  requireComparable(leaderboards);
  const suites = [...new Map(leaderboards.map(({ suite }) => [suite.fingerprint, suite])).values()];
  const base = suites.toSorted((a, b) => a.id.length - b.id.length)[0]!;
  const columns = first.columns.map((column) => mergedColumn(column, leaderboards));
  const rows = uniqueRows(leaderboards.flatMap((leaderboard) => flaggedRows(leaderboard, columns)));
  return {
    ...first,
    suite: suites.length === 1 ? base : { ...base, ...jointName(suites) },
    columns,
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

/** The column as a run has it that measured most there. */
function mergedColumn(column: LeaderboardColumn, leaderboards: readonly Leaderboard[]): LeaderboardColumn {
  const versions = leaderboards.flatMap(({ columns }) => columns.filter(({ id }) => id === column.id));
  const known = ({ plugins = [], conditions = [] }: LeaderboardColumn) =>
    plugins.length + conditions.length + conditions.filter(({ contentHash }) => contentHash).length;
  return versions.reduce((best, version) => (known(version) > known(best) ? version : best), column);
}

/** A leaderboard's rows; where its corrupted images are not those of the table's columns, they say so. */
function flaggedRows(
  { rows, columns }: Leaderboard,
  merged: readonly LeaderboardColumn[],
): readonly LeaderboardRow[] {
  const flags = imageFlags(merged, columnImages(columns));
  return flags.length === 0 ? rows : rows.map((row) => ({ ...row, flags: [...row.flags, ...flags] }));
}

/**
 * Checks that runs measured the same way, whatever models.
 * @throws GauntletError SUITE_MISMATCH
 */
export function requireComparable(heads: readonly LeaderboardHead[]): void {
  for (const [i, one] of heads.entries()) {
    for (const other of heads.slice(i + 1)) requirePair(one, other);
  }
}

function requirePair(first: LeaderboardHead, other: LeaderboardHead): void {
  const twins = first.columns.flatMap((column) => {
    const twin = other.columns.find(({ id }) => id === column.id);
    return twin === undefined ? [] : [[column, twin] as const];
  });
  const conditions = twins.flatMap(([column, twin]) => {
    const difference = conditionDifference(column, twin);
    return difference === undefined ? [] : [`${column.id} with ${difference}`];
  });
  if (first.suite.protocol !== other.suite.protocol) {
    const how = conditions[0] === undefined ? '' : `: ${conditions[0]}`;
    throw new GauntletError(
      'SUITE_MISMATCH',
      `The runs are of ${describe(first)} and of ${describe(other)}, which measure differently${how}.`,
    );
  }
  if (first.data !== null && other.data !== null && first.data !== other.data) {
    throw new GauntletError(
      'SUITE_MISMATCH',
      `The runs saw different data under the name ${first.suite.dataset.source} (${first.data.slice(0, 12)}, ${other.data.slice(0, 12)}).`,
    );
  }
  for (const [column, twin] of twins) {
    const difference = pluginDifference(column, twin);
    if (difference === undefined) continue;
    throw new GauntletError(
      'SUITE_MISMATCH',
      `The runs measured ${column.id} with other versions of plugins: ${difference}.`,
      { help: 'Run the older one again with the same version.' },
    );
  }
  if (conditions[0] !== undefined) {
    throw new GauntletError('SUITE_MISMATCH', `The runs measured ${conditions[0]}.`);
  }
  if (canonicalJson(first.baseline) !== canonicalJson(other.baseline)) {
    throw new GauntletError(
      'SUITE_MISMATCH',
      `The corruption errors are divided by ${baselineName(first)} and by ${baselineName(other)}.`,
      { help: 'Make the leaderboard from the run folders, naming one --baseline.' },
    );
  }
}

const baselineName = ({ baseline }: LeaderboardHead): string =>
  baseline === undefined ? 'nothing' : `${baseline.id} (${baseline.kind}, ${baseline.sha256.slice(0, 12)})`;

const describe = ({ suite }: LeaderboardHead) => `${suite.id} version ${suite.version}`;

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
