/**
 * The public surface of gauntlet-bench: load models and data, attack one model, run a suite, hold a run against thresholds.
 * Plugin authors import `gauntlet-bench/plugin`, their tests `gauntlet-bench/testing`.
 *
 * @example
 * ```ts
 * import { attackModel } from 'gauntlet-bench';
 * const { cell } = await attackModel({
 *   model: 'mnist-mlp-binenc',
 *   data: 'mnist',
 *   examples: 100,
 *   threat: { kind: 'lp', norm: 'linf', epsilon: 0.1 },
 * });
 * if (cell.status === 'completed') console.log(`${cell.robust.correct} of ${cell.n} are still right`);
 * ```
 * @packageDocumentation
 */

// One attack, whole suites, leaderboards, the gate
export {
  attackModel,
  type AttackModelOptions,
  type AttackModelRequest,
  type AttackedModel,
} from './api/attack-model.js';
export {
  runSuite,
  type RunPlan,
  type RunSuiteOptions,
  type RunSuiteRequest,
  type SuiteRun,
} from './api/run-suite.js';
export {
  corruptSuite,
  type CorruptedSuite,
  type CorruptSuiteOptions,
  type CorruptSuiteRequest,
} from './api/corrupt-suite.js';
export { leaderboardOfRuns, type LeaderboardOptions } from './api/leaderboard-of-runs.js';
export { gateRun, updateThresholds } from './api/gate-run.js';
export { replayStoredCell } from './api/replay-cell.js';
export { CUSTOMARY_EPSILON } from './api/budgets.js';
export type { ExecutionOptions, RuntimeOptions } from './api/runtime.js';

// Models and data
export { exportModel, type ExportModelOptions } from './api/export-model.js';
export { inspectModel } from './api/inspect-model.js';
export { openClassifier } from './api/open-classifier.js';
export {
  defineModel,
  type CodeModel,
  type Gradient,
  type HttpModel,
  type Limits,
  type ModelDefinition,
  type Predict,
  type ScoreKind,
} from './models/defined/definition.js';
export type { ModelSource, OwnModelOptions } from './api/live-models.js';
export { openDataset } from './data/registry.js';
export type { Classifier, InputSpec, LossGradient, LossRequest } from './classifier/classifier.js';
export type { EngineClassifier } from './classifier/engine-classifier.js';
export type { DataReference, Dataset, Split } from './data/dataset.js';
export type { ModelCard } from './models/card.js';
export type { Batch, LabelledBatch } from './tensor/batch.js';

// The penultimate layer, and how kinds of models compare over seeds
export { measureLatent, type MeasureLatentOptions, type MeasureLatentRequest } from './api/measure-latent.js';
export type { LatentReport } from './results/schema/latent.js';
export { compareReliability, type ReliabilityOrder } from './metrics/latent/reliability.js';
export {
  compareGroups,
  type Group,
  type GroupComparison,
  type GroupComparisons,
} from './metrics/study/compare-groups.js';
export { mcnemarTest, type McNemarTest } from './metrics/study/mcnemar.js';

// What comes out
export type {
  CellResult,
  CellSpec,
  CompletedCell,
  Flag,
  Interval,
  ModelReference,
  Outcome,
  Proportion,
  UnfinishedCell,
} from './evaluate/cell.js';
export type { ReplayReport } from './evaluate/replay.js';
export type { RunEvent } from './evaluate/run.js';
export type { GateFailure, GateReport } from './gate/check.js';
export type { ExportReport } from './results/schema/export-report.js';
export type { Inspection } from './results/schema/inspection.js';
export type { ArchiveFile, ArchiveManifest } from './results/schema/archive.js';
export type { AttackOutput } from './results/schema/attack-output.js';
export type { Leaderboard, LeaderboardRow } from './results/schema/leaderboard.js';
export type { Thresholds } from './results/schema/thresholds.js';
export { attackOutput } from './results/attack-output.js';
export { renderLeaderboard } from './leaderboard/render.js';
export { renderGrid } from './leaderboard/render-grid.js';
export { renderGate } from './gate/render.js';

// Flips along clips of images, which no suite holds
export {
  flipProbability,
  flipRate,
  flipReference,
  meanFlipRate,
  type ClipPredictions,
  type FlipReference,
} from './metrics/corruption/flip-rate.js';
export type { Figure } from './metrics/corruption/figure.js';

// Words of the trade, and what goes wrong
export type { Goal, GoalSpec, Norm, Threat, ThreatSpec } from './plugin/threat.js';
export { EXIT, GauntletError, type ErrorKey } from './errors.js';
