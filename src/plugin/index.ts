/**
 * What a plugin may import: `gauntlet-bench/plugin`, or `#plugin` from the plugins built in. Stable across versions with
 * the same PLUGIN_API_VERSION.
 */
export { defineAttack, defineCorruption, defineLoss } from './define.js';

export {
  PLUGIN_API_VERSION,
  type AttackContext,
  type AttackMetadata,
  type AttackPlugin,
  type ParameterSchema,
  type Proposal,
  type Verdict,
} from './attack.js';
export type { CorruptionMetadata, CorruptionPlugin, Image } from './corruption.js';
export { pixelValues, quantize } from './pixels.js';
export type { LossPlugin } from './loss.js';
export {
  NORMS,
  TRANSFORM_PARAMETERS,
  type Goal,
  type Norm,
  type Threat,
  type ThreatKind,
  type TransformRanges,
} from './threat.js';
export {
  argmax,
  type Access,
  type Classifier,
  type DecisionClassifier,
  type InputSpec,
  type LossGradient,
  type LossRequest,
  type PassCount,
  type ScoreClassifier,
} from '../classifier/classifier.js';
export type { RandomStream } from '../random/stream.js';
export { GauntletError } from '../errors.js';
export type { GraphBuilder } from '../graph/builder.js';
export { float, int, ints } from '../graph/builder.js';

export {
  exampleSize,
  rowOf,
  sliceRow,
  takeExamples,
  takeRows,
  withData,
  type Batch,
  type LabelledBatch,
} from '../tensor/batch.js';
export { allFinite } from '../tensor/finite.js';
export { hyperplaneMove, type HyperplaneMove } from '../tensor/hyperplane.js';
export { distance, dualNorm, magnitude, type ConvexNorm, type Vector } from '../tensor/norms.js';
export { projections, type Projection } from '../tensor/projections.js';
export { repair, repairToBox } from '../tensor/repair.js';
export { randomStart } from '../tensor/start.js';
export { steepestStep, type SteepestStep } from '../tensor/steps.js';

export { boxOf, regionOf, type Box, type Region } from './region.js';
export {
  objectiveOf,
  progressOf,
  reachesGoal,
  restrictGoal,
  restrictProblem,
  restrictThreat,
  type Objective,
  type Problem,
  type Progress,
} from './problem.js';
export { ActiveSet } from './active-set.js';
export { Candidates } from './candidates.js';
export { Closest } from './closest.js';
export { wrongClassesByScore } from './ranking.js';
