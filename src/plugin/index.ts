/**
 * What a plugin may import: `gauntlet-bench/plugin`, or `#plugin` from the plugins built in. Stable across versions with
 * the same PLUGIN_API_VERSION.
 */
export { defineArchitecture, defineAttack, defineComposite, defineCorruption, defineLoss } from './define.js';

export {
  PLUGIN_API_VERSION,
  type AttackContext,
  type AttackMetadata,
  type AttackPlugin,
  type CostModel,
  type InnerAttack,
  type ParameterSchema,
  type Proposal,
  type Verdict,
} from './attack.js';
export type { CompositeMetadata, CompositePlugin, CompositeSetting, CompositeStage } from './composite.js';
export { severitiesOf } from './corruption.js';
export type {
  CorruptionMetadata,
  CorruptionPlugin,
  CorruptionSetting,
  Image,
  Profile,
  Quirks,
} from './corruption.js';
export { levelsOf, pixelValues, quantize, roundHalfEven, valuesOfLevels } from './pixels.js';
export { blurAxesOf } from './imaging/blur-axes.js';
export { correlate, type Tap } from './imaging/correlate.js';
export { distanceTransform } from './imaging/distance-transform.js';
export { edgeSources, type Edge } from './imaging/edges.js';
export { equalizeHistogram } from './imaging/equalize.js';
export { gaussianBlur, type GaussianBlur } from './imaging/gaussian-blur.js';
export { grayOf } from './imaging/gray.js';
export { fromHsv, toHsv } from './imaging/hsv.js';
export { drawIce, iceShades, type Ice } from './imaging/ice.js';
export { jpegRoundTrip } from './imaging/jpeg/jpeg.js';
export { memoize } from './imaging/memoize.js';
export { motionBlur, type MotionBlur } from './imaging/motion-blur.js';
export { opencvCanny } from './imaging/opencv-canny.js';
export { plasma, plasmaNoise } from './imaging/plasma.js';
export { poissonLaw, poissonQuantile, type PoissonLaw } from './imaging/poisson.js';
export { resizeBox } from './imaging/resize-box.js';
export { resizedLength, resizeLinear } from './imaging/resize-linear.js';
export { requireGreyOrColour, unsuitedImage } from './imaging/unsuited.js';
export { affineThrough, displace, warpAffine, type Affine } from './imaging/warp.js';
export { clippedZoom } from './imaging/zoom.js';
export { resampleAffine, type AffineMap } from './imaging/affine.js';
export { addToChannels, stroke, type Point } from './imaging/line.js';
export { cannyEdges, type CannySettings } from './imaging/canny.js';
export type { LossPlugin } from './loss.js';
export type { ActivationId } from '../models/architectures/activations.js';
export type {
  ArchitectureMetadata,
  ArchitecturePlugin,
  BackbonePlugin,
  BackboneSchema,
  HeadPlugin,
} from '../models/architectures/define.js';
export type {
  ConvolutionOptions,
  ImageValue,
  LayerBuilder,
  VectorValue,
} from '../models/architectures/layers.js';
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
  type Draw,
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
export { Adam } from '../tensor/adam.js';
export { coordinateBasis, cosineBasis, type Basis } from '../tensor/dct.js';
export { clamp } from '../tensor/clamp.js';
export { allFinite } from '../tensor/finite.js';
export {
  boundaryStep,
  distanceToBoundary,
  type BoundaryStep,
  type LinearBoundary,
} from '../tensor/boundary-step.js';
export { hyperplaneMove, type HyperplaneMove } from '../tensor/hyperplane.js';
export { distance, dualNorm, magnitude, type ConvexNorm, type Vector } from '../tensor/norms.js';
export { twinBump, type Division } from '../tensor/bumps.js';
export { readWindow, shiftWindow, writeWindow, type PixelWindow, type Plane } from '../tensor/windows.js';
export { gaussianSmoothed, placed, unplaced, type Placement } from '../tensor/pictures.js';
export { projections, type Projection } from '../tensor/projections.js';
export { addClipped, clippedScale } from '../tensor/rescale.js';
export { repair, repairToBox } from '../tensor/repair.js';
export { randomStart } from '../tensor/start.js';
export { sparseStep } from '../tensor/sparse-step.js';
export { steepestStep, type SteepestStep } from '../tensor/steps.js';

export { pixelGridOf, type PixelGrid } from './pixel-grid.js';
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
export { aimsOf, nearestAimsOf, type Aims } from './aims.js';
export { Closest } from './closest.js';
export { ConstantSearch } from './constant-search.js';
export { penaltyCost, penaltySearch, type Descent } from './penalty-search.js';
export { pullIn } from './pull-in.js';
export { minimumNormOf, type MinimumNorm } from './minimum-norm.js';
export {
  decisionOracle,
  inLockstep,
  pointsPerRequest,
  scoreOracle,
  type Decision,
  type Oracle,
  type Questions,
} from './lockstep.js';
export {
  clippedBlend,
  startsByClass,
  straightBlend,
  toBoundary,
  walkFromEach,
  type Blend,
  type Crossing,
  type StartOptions,
} from './decision-line.js';
export { planeGeometry, type PlaneGeometry } from '../evaluate/verify/planes.js';
export { applyPatch, largestPatchSide } from '../evaluate/verify/patch.js';
export { applyTransform } from '../evaluate/verify/transform.js';
export { antitheticGradient, type AntitheticOptions, type DirectionLaw } from './antithetic-gradient.js';
export { wrongClassesByScore } from './ranking.js';
export { resolveParameters } from './parameters.js';
export { clipToWalls, wallsOf } from './walls.js';
