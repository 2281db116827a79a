import type { CellPlan, CellResult, PluginReference } from '../evaluate/cell.js';
import type { LeaderboardColumn } from '../results/schema/leaderboard.js';
import type { Column } from '../results/schema/run.js';

type ColumnPlugins = NonNullable<LeaderboardColumn['plugins']>;

/**
 * A column with the plugins behind it in order of id, each once. What a suite calls `cascade` changes with the version, so the
 * name alone does not say what was measured.
 * @param cells of one run, which all have the same plan where they are of one entry
 */
export function withPlugins(column: Column, cells: readonly CellResult[]): LeaderboardColumn {
  const cell = cells.find(({ entry }) => column.cells.includes(entry));
  return cell === undefined ? column : { ...column, plugins: pluginsOf(cell.plan) };
}

function pluginsOf(plan: CellPlan): ColumnPlugins {
  const references = new Map(referencesIn(plan).map((reference) => [reference.id, reference]));
  return [...references.values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, version, sha256 }) => ({ id, version, ...(sha256 === undefined ? {} : { sha256 }) }));
}

function referencesIn(plan: CellPlan): PluginReference[] {
  if (plan.kind === 'corruption') return [plan.corruption];
  const attacks = plan.stages.map(({ attack }) => attack);
  const composite = plan.kind === 'cascade' ? plan.composite : undefined;
  return composite === undefined ? attacks : [composite.plugin, ...attacks];
}

/** What two runs of a column did differently, in words (`fmn 1.0.0 and fmn 1.1.0`); undefined when nothing is known to differ. */
export function pluginDifference(a: LeaderboardColumn, b: LeaderboardColumn): string | undefined {
  if (a.plugins === undefined || b.plugins === undefined) return undefined;
  const [inA, inB] = [a.plugins, b.plugins].map((plugins) => new Set(plugins.map(nameOf)));
  const [onlyA, onlyB] = [
    [...inA!].filter((name) => !inB!.has(name)),
    [...inB!].filter((name) => !inA!.has(name)),
  ];
  if (onlyA.length === 0 && onlyB.length === 0) return undefined;
  return `${onlyA.join(', ') || 'without'} and ${onlyB.join(', ') || 'without'}`;
}

const nameOf = ({ id, version, sha256 }: ColumnPlugins[number]): string =>
  sha256 === undefined ? `${id} ${version}` : `${id} ${version} (${sha256.slice(0, 8)})`;
