import { cellIds, type Suite } from './suite.js';

/** The column that a leaderboard has beside those of a suite's corruptions: their mean. */
export const MEAN_CORRUPTION = 'mean-corruption';

/** Metrics of gate expressions that are made of all corruption columns together, beside the mean accuracy. */
export const CORRUPTION_METRICS = [
  'mean_corruption_error',
  'mce',
  'relative_mce',
  'corruption_confidence',
  'corruption_calibration_error',
] as const;

/** Words of gate expressions, and the columns that come without an entry: entries cannot take them as ids. */
const RESERVED = new Set<string>([
  'clean',
  metricName(MEAN_CORRUPTION),
  ...CORRUPTION_METRICS,
  'min',
  'max',
  'abs',
  'round',
  'and',
  'or',
  'xor',
  'not',
  'mod',
  'to',
  'in',
]);
const CONSTANTS = ['true', 'false', 'null', 'undefined', 'nan', 'infinity'];

/** A metric's name in gate expressions: the column or cell id with `-` written `_`. */
export function metricName(id: string): string {
  return id.replaceAll('-', '_');
}

/**
 * What is wrong with the names of a suite's entries, or null: every column and cell needs a metric name of its own, and the
 * ranking column must exist.
 */
export function namingProblem(
  suite: Suite,
): { readonly entry: number | null; readonly message: string } | null {
  const taken = new Map<string, string>();
  for (const [index, entry] of suite.entries.entries()) {
    for (const id of new Set([entry.id, ...cellIds(entry)])) {
      const name = metricName(id);
      const other = taken.get(name);
      if (other !== undefined) return { entry: index, message: `"${id}" has the same name as "${other}"` };
      if (RESERVED.has(name) || CONSTANTS.includes(name))
        return { entry: index, message: `the id "${id}" is reserved` };
      taken.set(name, id);
    }
  }
  const corrupted = suite.entries.some((entry) => entry.kind === 'corruption');
  const ids = suite.entries.map((entry) => entry.id);
  const columns = ['clean', ...ids, ...(corrupted ? [MEAN_CORRUPTION] : [])];
  if (suite.rank === null || columns.includes(suite.rank)) return null;
  return { entry: null, message: `there is no entry "${suite.rank}"; there are ${columns.join(', ')}` };
}
