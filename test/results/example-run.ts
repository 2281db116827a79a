import type {
  CellPlan,
  CellResult,
  CellSpec,
  CompletedCell,
  ModelReference,
  UnfinishedCell,
} from '../../src/evaluate/cell.js';
import { specifyCell } from '../../src/evaluate/specify.js';
import { cellFileName } from '../../src/evaluate/witnesses.js';
import { sha256 } from '../../src/fingerprint.js';
import { calibrationOf } from '../../src/metrics/corruption/calibration.js';
import { proportion } from '../../src/metrics/proportion.js';
import { runManifest } from '../../src/results/manifest.js';
import type { RunManifest } from '../../src/results/schema/run.js';
import { parseSuite } from '../../src/suite/read.js';
import { cellIds, suiteIndices, type Suite, type SuiteEntry } from '../../src/suite/suite.js';

const ENGINE = { id: 'onnxruntime', version: '1.0.0' };

/** A suite of ten examples (data indices 100 to 109): one PGD, one curve, one corruption at two severities. */
export const exampleSuite = (changes = ''): Promise<Suite> =>
  parseSuite(
    `id: example
version: 1
title: Example
dataset: { source: mnist, split: test }
examples: { indices: [100, 101, 102, 103, 104, 105, 106, 107, 108, 109] }
models: [first, second]
seed: 7
entries:
  - { id: pgd-linf, kind: attack, attack: pgd, threat: { kind: lp, norm: linf, epsilon: 0.1 }, parameters: { steps: 40 } }
  - { id: curve, kind: curve, attack: pgd, norm: l2, epsilons: [0.5, 1] }
  - { id: contrast, kind: corruption, corruption: contrast, severities: [1, 3] }
note: PGD gives upper bounds.
${changes}`,
    '/suites/example.yaml',
  );

export const model = (id: string): ModelReference => ({ id, path: `/models/${id}.onnx`, sha256: sha256(id) });

/** Cell specifications of a suite, as planning makes them. */
export function exampleSpecs(suite: Suite, models: readonly ModelReference[]): CellSpec[] {
  const data = { ...suite.dataset, fingerprint: sha256('digits'), indices: suiteIndices(suite) };
  return models.flatMap((reference) =>
    suite.entries.flatMap((entry) =>
      cellIds(entry).map((id, i) =>
        specifyCell(
          { entry: id, title: entry.title, model: reference, data, plan: planOf(entry, i), seed: suite.seed },
          ENGINE,
        ),
      ),
    ),
  );
}

function planOf(entry: SuiteEntry, i: number): CellPlan {
  if (entry.kind === 'corruption') {
    const corruption = { id: entry.corruption, version: '1' };
    const { profile, quirks, severities } = entry;
    return { kind: 'corruption', corruption, severity: severities[i]!, parameters: {}, profile, quirks };
  }
  const stages = entry.stages.map(({ attack, parameters, threat, goal }) => ({
    ...{ attack: { id: attack, version: '1' }, parameters, threat, goal },
  }));
  return { kind: entry.kind, stages } as CellPlan;
}

const header = (spec: CellSpec): Omit<UnfinishedCell, 'status' | 'reason'> => ({
  schemaVersion: 1,
  kind: 'cell',
  entry: spec.entry,
  title: spec.title,
  fingerprint: spec.fingerprint,
  model: { id: spec.model.id, sha256: spec.model.sha256, file: spec.model.path },
  data: {
    source: spec.data.source,
    split: spec.data.split,
    fingerprint: spec.data.fingerprint,
    indices: spec.data.indices,
  },
  plan: spec.plan,
  seed: spec.seed,
  provenance: { tool: 'gauntlet', toolVersion: '0.1.0', engine: ENGINE, pluginApi: 1 },
  timing: { startedAt: '2026-01-01T00:00:00.000Z', seconds: 1, machine: 'test' },
});

const count = (text: string, letters: string) =>
  Array.from(text).filter((letter) => letters.includes(letter)).length;

/** A completed cell with the given outcomes; the last stage's, when several are given. */
export function completed(spec: CellSpec, ...stageOutcomes: string[]): CompletedCell {
  const { plan } = spec;
  const outcomes = stageOutcomes.at(-1)!;
  const n = outcomes.length;
  const stages =
    plan.kind === 'corruption'
      ? []
      : plan.stages.map((stage, i) => {
          const letters = stageOutcomes[i] ?? outcomes;
          return {
            attack: stage.attack.id,
            threat: stage.threat,
            outcomes: letters,
            robust: count(letters, 'r'),
            passes: { forward: n, gradient: n },
          };
        });
  const fooled = plan.kind === 'corruption' ? 0 : count(outcomes, 'f');
  return {
    ...header(spec),
    status: 'completed',
    n,
    clean: proportion(count(outcomes, 'rfi'), n),
    robust: proportion(count(outcomes, 'r'), n),
    invalid: count(outcomes, 'i'),
    outcomes,
    distances: Array.from(outcomes, (letter) => (letter === 'f' ? 0.1 : letter === 'w' ? 0 : null)),
    stages,
    passes: { forward: Array<number>(n).fill(1), gradient: Array<number>(n).fill(1) },
    flags: [],
    witnesses:
      fooled === 0
        ? null
        : { file: `${cellFileName(spec)}.npz`, sha256: sha256(witnessBytes(spec)), count: fooled },
    ...(plan.kind === 'corruption' ? corruptionFigures(spec.entry, outcomes) : {}),
  };
}

/** A model that is always sure to three quarters, on images that are the same for all models. */
function corruptionFigures(
  entry: string,
  outcomes: string,
): Required<Pick<CompletedCell, 'contentHash' | 'repaired' | 'calibration'>> {
  const confident = Array.from(outcomes).flatMap((letter) =>
    letter === 'i' ? [] : [{ confidence: 0.75, correct: letter === 'r' }],
  );
  return { contentHash: sha256(entry), repaired: [], calibration: calibrationOf(confident) };
}

/** Stands for the bytes of a witness file: the store only hashes them. */
export const witnessBytes = (spec: CellSpec): Uint8Array =>
  Buffer.from(`witnesses of ${spec.model.id} ${spec.entry}`);

export const failed = (spec: CellSpec, status: UnfinishedCell['status'] = 'error'): UnfinishedCell => ({
  ...header(spec),
  status,
  reason: { code: 'GAUNTLET_E_PLUGIN_FAILED', message: 'it broke' },
});

/** Outcomes of the example suite's cells for one model. */
export const OUTCOMES: Readonly<Record<string, readonly string[]>> = {
  'pgd-linf': ['rrrrrrfffw'],
  curve: ['rrrrrrrrfw', 'rrrrfffffw'],
  'contrast-1': ['rrrrrrrrrw'],
  'contrast-3': ['rrrrrrrffw'],
};

/** A whole run of the example suite on two models, `second` being worse under PGD. */
export async function exampleRun(
  changes: Readonly<Record<string, readonly string[]>> = { 'second pgd-linf': ['rrrrffffff'] },
): Promise<{ suite: Suite; specs: CellSpec[]; manifest: RunManifest; cells: CellResult[] }> {
  const suite = await exampleSuite();
  const specs = exampleSpecs(suite, [model('first'), model('second')]);
  const cells = specs.map((spec) => {
    const outcomes = changes[`${spec.model.id} ${spec.entry}`] ?? OUTCOMES[spec.entry]!;
    return completed(spec, ...outcomes);
  });
  return { suite, specs, manifest: runManifest(suite, specs), cells };
}
