import type { CellResult, CellSpec, CompletedCell } from '../../src/evaluate/cell.js';
import type { RunResults } from '../../src/leaderboard/baseline.js';
import { runManifest } from '../../src/results/manifest.js';
import { parseSuite } from '../../src/suite/read.js';
import type { Suite } from '../../src/suite/suite.js';
import { completed, exampleSpecs, model } from '../results/example-run.js';

/** Entries of a suite of corruptions: ids with their severities. */
export type Entries = Readonly<Record<string, readonly number[]>>;

export const TWO: Entries = { fog: [1, 2], contrast: [1, 2] };

/** A suite of ten examples with some corruptions, models a and b. */
export const corruptionSuite = (entries: Entries = TWO, changes = '', fields = ''): Promise<Suite> =>
  parseSuite(
    `id: corrupted
version: 1
title: Corrupted
dataset: { source: mnist, split: test }
examples: { indices: [9, 8, 7, 6, 5, 4, 3, 2, 1, 0] }
models: [a, b]
seed: 7
entries:
${Object.entries(entries)
  .map(
    ([id, severities]) =>
      `  - { id: ${id}, kind: corruption, corruption: ${id}, severities: [${severities.join()}]${fields} }`,
  )
  .join('\n')}
${changes}`,
    '/suites/corrupted.yaml',
  );

/** The run of a suite: outcomes by `model entry`, or by entry for all models, or of `*` for the rest. */
export function corruptionRun(
  suite: Suite,
  outcomes: Readonly<Record<string, string>>,
  change: (cell: CompletedCell, spec: CellSpec) => CellResult = (cell) => cell,
): RunResults {
  const specs = exampleSpecs(suite, suite.models.map(model));
  const cells = specs.map((spec) => {
    const letters = outcomes[`${spec.model.id} ${spec.entry}`] ?? outcomes[spec.entry] ?? outcomes['*'];
    return change(completed(spec, letters ?? 'rrrrrrrrrr'), spec);
  });
  return { manifest: runManifest(suite, specs), cells };
}
