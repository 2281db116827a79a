import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import type { Access, Classifier, ClassifierByAccess, PassCount } from '../classifier/classifier.js';
import type { RandomStream } from '../random/stream.js';
import type { Batch, LabelledBatch } from '../tensor/batch.js';
import type { Goal, Norm, Threat, ThreatKind } from './threat.js';

/** Version of the plugin contract; a plugin names the one it was written for. */
export const PLUGIN_API_VERSION = 1;

/** JSON Schema of a plugin's parameters: an object whose properties all have a default and a description. */
export interface ParameterSchema {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly properties: Readonly<Record<string, object>>;
}

/** Values of a plugin's parameters, typed by its schema; a record of anything when the schema is not known. */
export type ParametersOf<S extends ParameterSchema> = ParameterSchema extends S
  ? Readonly<Record<string, unknown>>
  : S extends JSONSchema
    ? FromSchema<S>
    : never;

/** What an attack returns for the batch it was given, row for row; the harness decides what succeeded. */
export type Proposal =
  | { readonly kind: 'examples'; readonly data: Float32Array }
  /** `n x 3` values in the order of TRANSFORM_PARAMETERS; the harness applies them itself. */
  | { readonly kind: 'transform'; readonly parameters: Float64Array }
  /** Patch pixels laid out like an example of the patch's size (side x side), and the top-left corner per example (`n x 2`: row, column). */
  | {
      readonly kind: 'patch';
      readonly patch: Float32Array;
      readonly side: number;
      readonly corners: Int32Array;
    };

/** The judge's opinion of one candidate. */
export interface Verdict {
  readonly outcome: 'fooled' | 'robust' | 'invalid';
  /** Float64 distance in the threat's norm (Linf for box, transform and patch); NaN when invalid. */
  readonly distance: number;
}

/** How another attack is run, where not as its caller is. */
export interface RunAttackOptions {
  /** What it works on instead of the caller's classifier; its passes are those it asks of that one. */
  readonly classifier?: Classifier;
  /** Instead of the caller's threat; a box has a row for each example of the subset, in its order. */
  readonly threat?: Threat;
  /** Instead of the caller's goal; targets are those of the subset's examples, in its order. */
  readonly goal?: Goal;
}

/** Another attack that an attack runs. */
export interface InnerAttack {
  /** Id of a registered attack. */
  readonly attack: string;
  /** Those that differ from its defaults. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What the harness lends a running attack. */
export interface AttackContext {
  /** A stream for one example: the same draws whatever batch, worker or order the example is in. */
  random(key: number, purpose: string, restart?: number, step?: number): RandomStream;
  /** Reports that a fraction (0..1) of the work on this batch is done. */
  progress(fraction: number): void;
  readonly signal: AbortSignal;
  /** The harness's own judge on candidate examples (rows identified by `candidates.keys`); counts forward passes. */
  verify(candidates: Batch): Promise<Verdict[]>;
  /**
   * Runs another registered attack on a subset, under the same threat and goal unless told otherwise.
   * @throws GauntletError UNKNOWN_ATTACK, PARAMETER_INVALID, THREAT_UNSUPPORTED when it does not take the threat or goal.
   */
  runAttack(
    id: string,
    parameters: Readonly<Record<string, unknown>>,
    subset: LabelledBatch,
    options?: RunAttackOptions,
  ): Promise<Proposal>;
  /** A second model to take gradients from, when the plan names one. */
  readonly surrogate?: Classifier;
}

/** What is known of a model when passes are foreseen. */
export interface CostModel {
  readonly numClasses: number;
  /** Whether it draws random numbers; absent when that is not known. */
  readonly stochastic?: boolean;
}

export interface AttackMetadata<P> {
  /** Kebab case, equal to the file's name. */
  readonly id: string;
  readonly title: string;
  /** One sentence for `gauntlet list`. */
  readonly summary: string;
  readonly paper: string;
  /** Bumped when results change. */
  readonly version: string;
  readonly apiVersion: number;
  /** Threat models it takes; `lp` and `minimum` only in these norms. */
  readonly threats: readonly ThreatKind[];
  readonly norms: readonly Norm[];
  readonly goals: readonly Goal['kind'][];
  readonly access: Access;
  readonly stochastic: boolean;
  /** Whether it takes gradients from ctx.surrogate: true when it needs one, `optional` when it can do without. */
  readonly surrogate?: boolean | 'optional';
  /** The other attacks that it runs, for a cost that depends on theirs. */
  readonly runs?: (parameters: P) => readonly InnerAttack[];
  /**
   * Passes per example at most, for planning and ETA.
   * @param inner what one run of each of the attacks in `runs` costs, in that order.
   */
  readonly cost: (parameters: P, model: CostModel, inner: readonly PassCount[]) => PassCount;
  /** On linear models: `exact` finds every example the threat allows, `bound` no worse than uniform noise, `none` claims nothing. */
  readonly linear: 'exact' | 'bound' | 'none';
}

/** An attack, as `defineAttack` takes and returns it. */
export interface AttackPlugin<
  S extends ParameterSchema = ParameterSchema,
  A extends Access = Access,
  State = unknown,
> {
  readonly kind: 'attack';
  readonly metadata: AttackMetadata<ParametersOf<S>> & { readonly access: A };
  readonly parameters: S;
  /** Learns from a slice disjoint from the evaluated one; the JSON-able result is handed to every `run`. */
  readonly fit?: (
    classifier: ClassifierByAccess[A],
    slice: LabelledBatch,
    threat: Threat,
    goal: Goal,
    parameters: ParametersOf<S>,
    context: AttackContext,
  ) => Promise<State>;
  /** Proposes one candidate per example of the batch. */
  readonly run: (
    classifier: ClassifierByAccess[A],
    batch: LabelledBatch,
    threat: Threat,
    goal: Goal,
    parameters: ParametersOf<S>,
    context: AttackContext,
    state?: State,
  ) => Promise<Proposal>;
}
