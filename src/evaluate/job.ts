import type { Remark } from '../classifier/classifier.js';
import type { CellSpec, CorruptionPlan } from './cell.js';

/** State learned by the fitted attacks of a cell, by stage index; plain JSON. */
export type FittedStates = Readonly<Record<number, unknown>>;

/**
 * A unit of work as plain JSON: a stretch of a cell's examples, the fitting of one stage before it, or the corrupted images of a
 * stretch of examples without any model.
 */
export type Job =
  | {
      readonly kind: 'shard';
      readonly spec: CellSpec;
      /** Half-open range of positions in `spec.data.indices`. */
      readonly from: number;
      readonly to: number;
      readonly batchSize: number;
      readonly states: FittedStates;
    }
  | { readonly kind: 'fit'; readonly spec: CellSpec; readonly stage: number }
  | {
      readonly kind: 'corrupt';
      readonly data: CellSpec['data'];
      readonly plan: CorruptionPlan;
      readonly seed: number;
      /** Half-open range of positions in `data.indices`. */
      readonly from: number;
      readonly to: number;
    };

/** Outcomes of a shard's examples, in order. */
export interface ShardResult {
  readonly kind: 'shard';
  /** Whether the model draws random numbers. */
  readonly stochastic: boolean;
  readonly clean: string;
  readonly outcomes: string;
  readonly distances: readonly (number | null)[];
  readonly stages: readonly {
    readonly outcomes: string;
    readonly forward: readonly number[];
    readonly gradient: readonly number[];
  }[];
  /** Data indices whose success hangs on a tiny margin. */
  readonly tinyMargins: readonly number[];
  /** Ids of the losses in whose place the margin was followed, for want of classes. */
  readonly substitutedLosses: readonly string[];
  /** Messages of the plugin's failures by data index. */
  readonly failures: readonly { readonly index: number; readonly code: string; readonly message: string }[];
  /** What the model has to say of how it runs. */
  readonly remarks?: readonly Remark[];
  /** What the worker's engine had computed elsewhere so far; no part of the result. */
  readonly borrowed?: readonly string[];
  /** SHA-256 of each judged input, for corruption cells. */
  readonly inputHashes: readonly string[];
  /** Probability of the predicted class, null where there is no outcome; for corruption cells. */
  readonly confidences?: readonly (number | null)[];
  readonly witnesses: readonly Witness[];
}

/** One fooled example with what a replay needs. */
export interface Witness {
  readonly index: number;
  readonly label: number;
  /** -1 when untargeted. */
  readonly target: number;
  /** Stage that fooled it. */
  readonly stage: number;
  readonly clean: Float32Array;
  readonly adversarial: Float32Array;
  /** Transform parameters or patch place, for those threats. */
  readonly applied?: Float64Array;
}

/** Corrupted images, in order. */
export interface CorruptedResult {
  readonly kind: 'corrupted';
  /** Bytes, channels last. */
  readonly pixels: Uint8Array;
  /** SHA-256 of each image, as those of a shard: of what reading the bytes again gives. */
  readonly inputHashes: readonly string[];
}

export type JobResult = ShardResult | CorruptedResult | { readonly kind: 'fit'; readonly state: unknown };
