import type { Profile, Quirks } from '../plugin/corruption.js';
import type { GoalSpec, ThreatSpec } from '../plugin/threat.js';
import type { Split } from '../data/dataset.js';

/** One attack of an entry, budgets as numbers; the parameters are as the suite gives them, defaults not filled in. */
export interface SuiteStage {
  readonly attack: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly threat: ThreatSpec;
  readonly goal: GoalSpec;
  /** Zoo id or absolute path of the model to take gradients from, for transfer attacks. */
  readonly surrogate?: string;
}

/** One line of a suite: a column of the leaderboard. */
export type SuiteEntry =
  | {
      readonly kind: 'attack' | 'cascade' | 'curve';
      readonly id: string;
      /** Heading, e.g. `PGD-40 Linf 0.1`. */
      readonly title: string;
      /** One stage for an attack; one per budget, ascending, for a curve. */
      readonly stages: readonly SuiteStage[];
    }
  | {
      readonly kind: 'corruption';
      readonly id: string;
      readonly title: string;
      readonly corruption: string;
      /** Ascending, each 1 to 5. */
      readonly severities: readonly number[];
      readonly profile: Profile;
      readonly quirks: Quirks;
    };

/** Which examples of the data set: the first so many, or the given data indices. */
export type ExampleChoice = { readonly first: number } | { readonly indices: readonly number[] };

/** A suite ready for planning: budgets are numbers, paths absolute, titles and goals filled in. */
export interface Suite {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly description: string | null;
  readonly dataset: { readonly source: string; readonly split: Split };
  readonly examples: ExampleChoice;
  /** Zoo ids, zoo globs and absolute paths. */
  readonly models: readonly string[];
  readonly seed: number;
  readonly entries: readonly SuiteEntry[];
  /** Text shown under the table. */
  readonly note: string | null;
  /** Column that orders the leaderboard (an entry id or `clean`); null leaves it unranked. */
  readonly rank: string | null;
}

/** Data indices a suite evaluates, in order. */
export function suiteIndices(suite: Pick<Suite, 'examples'>): readonly number[] {
  const { examples } = suite;
  return 'first' in examples ? Array.from({ length: examples.first }, (_value, i) => i) : examples.indices;
}

/** Ids of the cells an entry is evaluated in, per model: one per severity for a corruption (`contrast-3`), else its own. */
export function cellIds(entry: SuiteEntry): readonly string[] {
  return entry.kind === 'corruption'
    ? entry.severities.map((severity) => `${entry.id}-${severity}`)
    : [entry.id];
}
