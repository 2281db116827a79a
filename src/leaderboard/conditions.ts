import { canonicalJson, fingerprintOf } from '../fingerprint.js';
import type { CellResult } from '../evaluate/cell.js';
import { planIdentity } from '../evaluate/specify.js';
import type { LeaderboardColumn, LeaderboardRow } from '../results/schema/leaderboard.js';

type Conditions = NonNullable<LeaderboardColumn['conditions']>;

/** What `conditions` does not repeat: the plugin is among the column's plugins. */
const ELSEWHERE = new Set(['kind', 'corruption']);

/**
 * A corruption column with how the images of its cells were made: whatever their plans say (severity, parameters, profile, quirks,
 * ...), and the SHA-256 of the images. Two corruptions of one name need not be the same.
 * @param cells of one run, in the order of its plan
 */
export function withConditions(column: LeaderboardColumn, cells: readonly CellResult[]): LeaderboardColumn {
  if (column.kind !== 'corruption') return column;
  const conditions = column.cells.flatMap((entry): Conditions => {
    const ofEntry = cells.filter((cell) => cell.entry === entry);
    const plan = ofEntry[0]?.plan;
    if (plan?.kind !== 'corruption') return [];
    const kept = Object.entries(planIdentity(plan)).filter(([name]) => !ELSEWHERE.has(name));
    const contentHash = ofEntry.flatMap((cell) => contentHashOf(cell) ?? [])[0];
    return [
      {
        ...Object.fromEntries(kept),
        entry,
        severity: plan.severity,
        ...(contentHash === undefined ? {} : { contentHash }),
      },
    ];
  });
  return conditions.length === 0 ? column : { ...column, conditions };
}

const contentHashOf = (cell: CellResult): string | undefined =>
  cell.status === 'completed' ? cell.contentHash : undefined;

/** What two runs did differently in a corruption column, in words (`profile cifar and mnist`); undefined when nothing is known to differ. */
export function conditionDifference(a: LeaderboardColumn, b: LeaderboardColumn): string | undefined {
  for (const one of a.conditions ?? []) {
    const other = b.conditions?.find(({ severity }) => severity === one.severity);
    if (other === undefined) continue;
    const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
    const name = names.find((key) => key !== 'contentHash' && text(one[key]) !== text(other[key]));
    if (name !== undefined) {
      return `${name} ${text(one[name])} and ${text(other[name])} at severity ${one.severity}`;
    }
  }
  return undefined;
}

function text(value: unknown): string {
  if (value === undefined) return 'none';
  return typeof value === 'string' ? value : canonicalJson(value);
}

/** SHA-256 of how a column was made, by which plugins and under which conditions, and of the images that came out. */
export interface ColumnHashes {
  readonly conditions: string;
  /** Absent where no cell of some severity completed. */
  readonly images?: string;
}

/** The hashes of a corruption column; undefined of other columns and where cells are missing. */
export function columnHashes({ cells, conditions, plugins }: LeaderboardColumn): ColumnHashes | undefined {
  if (conditions?.length !== cells.length) return undefined;
  const made = conditions.map((one) => ({ ...one, contentHash: undefined }));
  const images = conditions.flatMap(({ contentHash }) => contentHash ?? []);
  return {
    conditions: fingerprintOf({ plugins, conditions: made }),
    ...(images.length === conditions.length ? { images: fingerprintOf(images) } : {}),
  };
}

type Flags = LeaderboardRow['flags'];

/** A flag for each of a row's cells whose images are not those the column was made of. */
export function imageFlags(
  columns: readonly LeaderboardColumn[],
  cells: readonly { readonly entry: string; readonly contentHash?: string | undefined }[],
): Flags {
  return columns.flatMap(({ conditions = [] }) =>
    conditions.flatMap(({ entry, contentHash: expected }): Flags => {
      const found = cells.find((cell) => cell.entry === entry)?.contentHash;
      if (found === undefined || expected === undefined || found === expected) return [];
      const hashes = `${found.slice(0, 12)}, elsewhere ${expected.slice(0, 12)}`;
      const message = `The corrupted images are not those of other rows: SHA-256 ${hashes}.`;
      return [{ code: 'images-differ', entry, message }];
    }),
  );
}

/** The images behind a leaderboard's columns, in the form imageFlags compares them. */
export function columnImages(
  columns: readonly LeaderboardColumn[],
): NonNullable<LeaderboardColumn['conditions']> {
  return columns.flatMap(({ conditions = [] }) => conditions);
}
