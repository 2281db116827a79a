import type { Batch } from '../tensor/batch.js';

/** What a model takes. */
export interface InputSpec {
  /** Shape of one example in the model's own layout, without the batch axis. */
  readonly shape: readonly number[];
  readonly layout: 'NCHW' | 'NHWC' | 'flat';
  /** Lowest and highest legal value of an input element; [0, 1] unless the model's card says otherwise. */
  readonly bounds: readonly [lower: number, upper: number];
}

/** Something about how a model runs that its results are to be read with. */
export interface Remark {
  readonly code: string;
  readonly message: string;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** Passes of the network spent on one example. A gradient pass includes its forward part and counts once, as gradient. */
export interface PassCount {
  readonly forward: number;
  readonly gradient: number;
}

/**
 * Which random numbers a stochastic model draws. Those of an example are keyed by (seed, its key, purpose, index) and by nothing
 * else; without a draw they are those of (0, its key, `model`, 0), so that a stochastic model is a fixed function of example and
 * key until another draw is asked for. A model that draws nothing ignores it.
 */
export interface Draw {
  readonly seed: number;
  /** What the draws are for; another purpose is another stream. */
  readonly purpose: string;
  /** 0, 1, 2, ... for independent draws of one purpose. */
  readonly index: number;
}

/** The least an attack can be given: decisions only. */
export interface DecisionClassifier {
  readonly input: InputSpec;
  readonly numClasses: number;
  /** Whether the model draws random numbers. */
  readonly stochastic: boolean;
  /** Predicted class per example (argmax of the logits, ties to the lowest index; -1 where a logit is not finite). */
  predict(batch: Batch, draw?: Draw): Promise<Int32Array>;
}

/** Decisions and logits. */
export interface ScoreClassifier extends DecisionClassifier {
  /** Logits, row-major, `n x numClasses`. Rows may be non-finite: that is the model's answer, not an error. */
  logits(batch: Batch, draw?: Draw): Promise<Float32Array>;
}

export interface LossRequest {
  /** The class the loss is about, one per example: true labels, or targets for a targeted attack that descends. */
  readonly labels: Int32Array;
  /** Second class for losses between two classes (`margin-targeted`, `dlr-targeted`). */
  readonly targets?: Int32Array;
  /** Id of a registered loss. */
  readonly loss: string;
}

export interface LossGradient {
  /** `n x numClasses`. */
  readonly logits: Float32Array;
  /** Loss per example, `n`. */
  readonly loss: Float32Array;
  /** Gradient of each example's own loss with respect to that example, shaped like the batch (never divided by n). */
  readonly gradient: Float32Array;
}

/** White-box access. */
export interface Classifier extends ScoreClassifier {
  /** What results of it are to be read with; nothing when absent. The same for every example. */
  readonly remarks?: readonly Remark[];
  /** @throws GauntletError UNKNOWN_LOSS, GRADIENT_BLOCKED (names the operator and node without a rule). */
  lossGradient(batch: Batch, request: LossRequest, draw?: Draw): Promise<LossGradient>;
  /** Vector-Jacobian product: gradient of sum_k cotangent[i,k] * logits[i,k] per example. */
  vjp(
    batch: Batch,
    cotangent: Float32Array,
    draw?: Draw,
  ): Promise<{ logits: Float32Array; gradient: Float32Array }>;
  /** Penultimate layer, `n x P`. @throws GauntletError NO_FEATURES when the model names no such output. */
  features(batch: Batch, draw?: Draw): Promise<Float32Array>;
}

export type Access = 'gradient' | 'scores' | 'decision';

/** What each access level lets an attack call. */
export interface ClassifierByAccess {
  gradient: Classifier;
  scores: ScoreClassifier;
  decision: DecisionClassifier;
}

/** Argmax with ties to the lowest index; -1 if any logit is not finite. */
export function argmax(logits: Float32Array): number {
  let best = 0;
  for (let k = 0; k < logits.length; k++) {
    if (!Number.isFinite(logits[k]!)) return -1;
    if (logits[k]! > logits[best]!) best = k;
  }
  return best;
}
