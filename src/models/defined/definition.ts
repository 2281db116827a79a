import type { InputSpec } from '../../classifier/classifier.js';
import { checkDefinition } from './check.js';

/** What a model's scores are. Probabilities are turned into their logarithms, so that losses see logits. */
export type ScoreKind = 'logits' | 'probabilities';

type Values = ArrayLike<number>;

/**
 * Scores of `n` examples: `n * numClasses` values, one row per example.
 * @param batch `n` examples row by row, in the model's own layout and bounds; a copy, free to be changed.
 * @param signal aborted when the answer is not wanted any more.
 */
export type Predict = (batch: Float32Array, n: number, signal: AbortSignal) => Values | Promise<Values>;

/**
 * Gradient of sum_k cotangent[i,k] * scores[i,k] with respect to example i, for each of `n` examples: as many values as `batch`
 * has. Every loss is made of it.
 * @param cotangent `n * numClasses` values.
 */
export type Gradient = (
  batch: Float32Array,
  n: number,
  cotangent: Float32Array,
  signal: AbortSignal,
) => Values | Promise<Values>;

/** What may be asked of a model; results do not depend on `rateLimit`, `batchSize` and `concurrency`. */
export interface Limits {
  /** Examples that may be asked about in one run; a call for a gradient counts as a call for scores does. No limit by default. */
  readonly queryBudget?: number;
  /** Calls per second at most; no limit by default. */
  readonly rateLimit?: number;
  /** Examples per call at most. */
  readonly batchSize?: number;
  /** Calls under way at the same time at most. */
  readonly concurrency?: number;
}

/** A model that is code of this process: anything that turns examples into scores. */
export interface CodeModel extends Limits {
  readonly kind: 'code';
  /** Name shown in results: letters, digits, `.`, `_` and `-`. */
  readonly id: string;
  /** Stands for the content of the model, which cannot be hashed: change it whenever the answers change. */
  readonly version?: string;
  readonly input: {
    /** Shape of one example. */
    readonly shape: readonly number[];
    /** NCHW or NHWC for three dimensions that look like it, else flat. */
    readonly layout?: InputSpec['layout'];
    /** Lowest and highest legal value of an input element; [0, 1] by default. */
    readonly bounds?: readonly [lower: number, upper: number];
  };
  readonly numClasses: number;
  /** `logits` by default. */
  readonly scores?: ScoreKind;
  readonly predict: Predict;
  /** Without it only attacks by scores or decisions apply. */
  readonly gradient?: Gradient;
}

/** A model behind HTTP. What its server does not say of it, the definition or a card must. */
export interface HttpModel extends Limits {
  readonly kind: 'http';
  /** `http://host/v2/models/NAME` (KServe v2) or `http://host/v1/models/NAME` (TensorFlow Serving). */
  readonly url: string;
  /** The name in the URL by default. */
  readonly id?: string;
  readonly input?: Partial<CodeModel['input']>;
  readonly numClasses?: number;
  readonly scores?: ScoreKind;
  /** Output that holds the scores, where there are several. */
  readonly output?: string;
  /** Sent with every request; never written to results or messages. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds a request may take, 30 by default. */
  readonly timeout?: number;
  /** Further tries of a request that could not be answered, 3 by default. */
  readonly retries?: number;
  /** Seconds before the first further try, doubled before each next one; 0.5 by default. */
  readonly pause?: number;
}

/** A model that is no file. */
export type ModelDefinition = CodeModel | HttpModel;

/**
 * Defines a model that is no file: code with a `predict` function (`kind: 'code'`), or an endpoint (`kind: 'http'`).
 *
 * @returns its argument
 * @throws GauntletError MODEL_INVALID naming the field.
 * @example
 * ```ts
 * const model = defineModel({
 *   kind: 'code',
 *   id: 'brightness',
 *   version: '1',
 *   input: { shape: [1, 28, 28] },
 *   numClasses: 2,
 *   predict: (batch, n) =>
 *     Array.from({ length: n }, (_, i) => {
 *       const mean = batch.subarray(i * 784, (i + 1) * 784).reduce((sum, value) => sum + value, 0) / 784;
 *       return [0.5 - mean, mean - 0.5];
 *     }).flat(),
 * });
 * ```
 */
export function defineModel<D extends ModelDefinition>(definition: D): D {
  checkDefinition(definition);
  return definition;
}
