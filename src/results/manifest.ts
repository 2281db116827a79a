import type { CellSpec } from '../evaluate/cell.js';
import { packageVersion } from '../resources.js';
import { protocolFingerprint, suiteFingerprint } from '../suite/fingerprint.js';
import { cellIds, suiteIndices, type Suite, type SuiteEntry } from '../suite/suite.js';
import type { Column, RunManifest, SuiteSummary } from './schema/run.js';

/** What results say about the suite they belong to. */
export function suiteSummary(suite: Suite): SuiteSummary {
  const { id, version, title, dataset, seed, note, rank } = suite;
  return {
    id,
    version,
    title,
    fingerprint: suiteFingerprint(suite),
    protocol: protocolFingerprint(suite),
    dataset: { ...dataset },
    n: suiteIndices(suite).length,
    seed,
    note,
    rank,
  };
}

/** The columns of a suite's leaderboard: clean accuracy, then one per entry. */
export function columnsOf(suite: Suite): Column[] {
  const clean: Column = {
    id: 'clean',
    title: 'Clean accuracy',
    kind: 'clean',
    attacks: [],
    upperBound: false,
    cells: [],
  };
  return [clean, ...suite.entries.map(columnOf)];
}

function columnOf(entry: SuiteEntry): Column {
  const cells = [...cellIds(entry)];
  if (entry.kind === 'corruption') {
    const severities = entry.severities.length === 1 ? 'severity' : 'mean over severities';
    const title = `${entry.title} accuracy, ${severities} ${spanOf(entry.severities)}`;
    return { id: entry.id, title, kind: 'corruption', attacks: [], upperBound: false, cells };
  }
  const attacks = [...new Set(entry.stages.map((stage) => stage.attack))];
  const title = `${entry.title} accuracy, an upper bound`;
  return { id: entry.id, title, kind: entry.kind, attacks, upperBound: true, cells };
}

function spanOf(severities: readonly number[]): string {
  const [first, last] = [severities[0]!, severities.at(-1)!];
  return last - first + 1 === severities.length && last > first ? `${first}-${last}` : severities.join(', ');
}

/** run.json of a planned run. */
export function runManifest(suite: Suite, specs: readonly CellSpec[]): RunManifest {
  const models = new Map(
    specs.map(({ model: { id, sha256, gradient, declared } }) => [
      id,
      {
        ...{ id, sha256 },
        ...(gradient === undefined ? {} : { gradient }),
        ...(declared === undefined ? {} : { declared }),
      },
    ]),
  );
  return {
    schemaVersion: 1,
    kind: 'run',
    suite: suiteSummary(suite),
    columns: columnsOf(suite),
    models: [...models.values()],
    plan: specs.map(({ model, entry, fingerprint }) => ({ model: model.id, entry, fingerprint })),
    tool: { name: 'gauntlet', version: packageVersion },
  };
}
