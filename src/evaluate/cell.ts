import type { ArchiveKind } from '../data/archives/archive.js';
import type { DataReference } from '../data/dataset.js';
import type { TextureReference } from '../data/textures.js';
import type { Calibration } from '../metrics/corruption/calibration.js';
import type { Profile, Quirks } from '../plugin/corruption.js';
import type { GoalSpec, ThreatSpec } from '../plugin/threat.js';

/** Version of the cell file's layout; results/schema/cell.schema.json describes it. */
export const CELL_SCHEMA_VERSION = 1;

/** How gradients are taken where the exact one is zero almost everywhere; absent: not at all. */
export type GradientMode = 'straight-through';

/** Lowest and highest legal value of an input element, in the units of the model file itself. */
export type OwnUnits = readonly [lower: number, upper: number];

/** What a model that is no file says of itself: nobody can hash what is behind it. */
export interface Declared {
  /** Code of the user, or the protocol its server speaks. */
  readonly by: 'code' | 'kserve-v2' | 'tf-serving';
  /** The version its author or server gives. */
  readonly version?: string;
  /** Whether it gives gradients. */
  readonly gradients: boolean;
}

/** A model as plain JSON that a worker can load again; one that is `declared` only the process that opened it can ask. */
export interface ModelReference {
  /** Name shown in results: the zoo id, or the file's base name. */
  readonly id: string;
  /** Absolute path of the ONNX file or of the model.json; of a model that is no file its module, URL, or `memory:ID`. */
  readonly path: string;
  /** Absolute path of its card, if it has one. */
  readonly card?: string;
  /** SHA-256 (hex) of the model file, of those beside it and, when there is one, of the card's preprocessing. */
  readonly sha256: string;
  /** How attacks take its gradients, where not exactly. */
  readonly gradient?: GradientMode;
  /** Present when it takes examples as its file does, without the card's preprocessing: lowest and highest legal value. */
  readonly ownUnits?: OwnUnits;
  /** Graph output that holds the logits, where chosen by the caller and not by the card. */
  readonly output?: string;
  /** Present when the model is no file. `sha256` is then of what it says of itself. */
  readonly declared?: Declared;
  /** Value that holds the penultimate layer, where chosen by the caller and not by the card. */
  readonly features?: string;
}

/** A plugin as plain JSON: a built-in id, or the module to import for it. */
export interface PluginReference {
  readonly id: string;
  readonly version: string;
  /** Absolute path or package name of the module; absent for built-ins. */
  readonly module?: string;
  /** SHA-256 of the module's file, so that an edited plugin is a new one even under the same version. */
  readonly sha256?: string;
}

/** One attack with everything that determines its outcome. */
export interface AttackStage {
  readonly attack: PluginReference;
  /** All parameters, defaults filled in. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly threat: ThreatSpec;
  readonly goal: GoalSpec;
  /** Model to take gradients from, for transfer attacks. */
  readonly surrogate?: ModelReference;
  /** Data indices an attack that learns from a set is fitted on; disjoint from the evaluated ones. */
  readonly fitIndices?: readonly number[];
}

/** The composite that a cascade's stages come from. */
export interface CompositeUse {
  readonly plugin: PluginReference;
  /** All parameters, defaults filled in. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What a cell does to its examples. */
export type CellPlan =
  /** One attack. */
  | { readonly kind: 'attack'; readonly stages: readonly [AttackStage] }
  /** Several attacks under one threat; each sees what the ones before left robust. */
  | {
      readonly kind: 'cascade';
      readonly stages: readonly AttackStage[];
      /** Absent when the stages were listed one by one. */
      readonly composite?: CompositeUse;
    }
  /** One attack at ascending budgets; what is fooled at a smaller budget stays fooled. */
  | { readonly kind: 'curve'; readonly stages: readonly AttackStage[] }
  | {
      readonly kind: 'corruption';
      readonly corruption: PluginReference;
      /** 1 to 5. */
      readonly severity: number;
      readonly parameters: Readonly<Record<string, unknown>>;
      /** Whose parameters these are, and whether the mistakes of its scripts are made again. */
      readonly profile: Profile;
      readonly quirks: Quirks;
      /** Photographs of frost, for a corruption that needs them; absent where the user named none. */
      readonly textures?: TextureReference;
      /** Where the corrupted images were read from, when the plugin did not make them. */
      readonly archive?: ArchiveReference;
    };

/** An archive of corrupted images as plain JSON. */
export interface ArchiveReference {
  /** Absolute path. */
  readonly folder: string;
  readonly kind: ArchiveKind;
  /** SHA-256 of what it holds of the cell's images, as `contentHash`; absent where it does not hold them. */
  readonly sha256?: string;
}

export type CorruptionPlan = Extract<CellPlan, { kind: 'corruption' }>;

/** Everything that determines a cell's result; `fingerprint` is the SHA-256 of the rest in canonical JSON, paths left out. */
export interface CellSpec {
  /** Entry of the suite, e.g. `pgd-linf` or `gaussian_noise-3`; unique per model in a run. */
  readonly entry: string;
  /** Column heading, e.g. `PGD-40 Linf 0.1`. */
  readonly title: string;
  readonly model: ModelReference;
  readonly data: DataReference & { readonly fingerprint: string; readonly indices: readonly number[] };
  readonly plan: CellPlan;
  readonly seed: number;
  readonly fingerprint: string;
}

/**
 * `r` robust, `f` fooled, `w` wrong without attack, `i` invalid (non-finite output on a legal input, or the plugin failed).
 * Under a corruption there is no adversary: `r` is right on the corrupted image, `f` right only on the clean one, `w` wrong on
 * both, so that r/n is the accuracy on the corrupted set as the corruption literature counts it.
 */
export type Outcome = 'r' | 'f' | 'w' | 'i';

/** A 95 % Wilson score interval of a proportion. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
  readonly level: 0.95;
  readonly method: 'wilson';
}

/** A count out of n with its interval. */
export interface Proportion {
  readonly correct: number;
  readonly n: number;
  readonly interval: Interval;
}

/** Something the tool doubts about a result. */
export interface Flag {
  /** E.g. `tiny-margin`, `invalid-examples`, `loss-substituted`. */
  readonly code: string;
  readonly message: string;
  /** Data indices or figures the doubt rests on. */
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** What every cell file says, whatever became of the cell. */
interface CellHeader {
  readonly schemaVersion: typeof CELL_SCHEMA_VERSION;
  readonly kind: 'cell';
  readonly entry: string;
  readonly title: string;
  readonly fingerprint: string;
  readonly model: {
    readonly id: string;
    readonly sha256: string;
    readonly file: string;
    /** How attacks took its gradients, where not exactly. */
    readonly gradient?: GradientMode;
    /** Bounds of its inputs where it was attacked in the units of its file. */
    readonly ownUnits?: OwnUnits;
    /** Graph output taken for the logits, where the caller chose it. */
    readonly output?: string;
    /** The model is no file: `sha256` is of what it says of itself, not of its content. */
    readonly declared?: Declared;
    /** Value taken for the penultimate layer, where the caller chose it. */
    readonly features?: string;
    /** The model draws random numbers, and was judged by the majority of 20 draws per example; of completed cells. */
    readonly stochastic?: true;
  };
  readonly data: {
    readonly source: string;
    readonly split: string;
    readonly fingerprint: string;
    /** Data indices of the examples, in the order of `outcomes`. */
    readonly indices: readonly number[];
  };
  readonly plan: CellPlan;
  readonly seed: number;
  readonly provenance: {
    readonly tool: string;
    readonly toolVersion: string;
    readonly engine: { readonly id: string; readonly version: string };
    readonly pluginApi: number;
  };
  /** Everything that may differ between two identical runs. */
  readonly timing: {
    readonly startedAt: string;
    readonly seconds: number;
    readonly machine: string;
  };
}

export interface CompletedCell extends CellHeader {
  readonly status: 'completed';
  readonly n: number;
  /** Correct without attack. */
  readonly clean: Proportion;
  /** Still correct under the plan: (number of `r`) / n. */
  readonly robust: Proportion;
  readonly invalid: number;
  /** One Outcome letter per example. */
  readonly outcomes: string;
  /** Distance of the judged adversarial example in the threat's norm; null for r and i, 0 for w. */
  readonly distances: readonly (number | null)[];
  /** Outcomes after each stage of a cascade or curve (one entry for a single attack, none for a corruption). */
  readonly stages: readonly {
    readonly attack: string;
    readonly threat: ThreatSpec;
    readonly outcomes: string;
    readonly robust: number;
    readonly passes: { readonly forward: number; readonly gradient: number };
  }[];
  /** Passes spent by the plan per example (the judge's own clean and final passes are not counted). */
  readonly passes: { readonly forward: readonly number[]; readonly gradient: readonly number[] };
  readonly flags: readonly Flag[];
  /** The fooled inputs: `witnesses/<file>`, an .npz beside the cell; null when nothing was fooled, and for corruptions. */
  readonly witnesses: { readonly file: string; readonly sha256: string; readonly count: number } | null;
  /** SHA-256 over the SHA-256 of each corrupted image, in index order, before it is laid out for a model (corruptions only). */
  readonly contentHash?: string;
  /** Data indices of the examples that are right under the corruption and wrong without it (corruption cells only). */
  readonly repaired?: readonly number[];
  /** Confidence of the model on the corrupted images, those without outcome left out (corruption cells only). */
  readonly calibration?: Calibration;
}

/** A cell that has no accuracy, and why. */
export interface UnfinishedCell extends CellHeader {
  readonly status: 'not-applicable' | 'timed-out' | 'error';
  readonly reason: { readonly code: string; readonly message: string };
}

export type CellResult = CompletedCell | UnfinishedCell;

/** The attack stages of a cell; none for a corruption. */
export function stagesOf(spec: Pick<CellSpec, 'plan'>): readonly AttackStage[] {
  return spec.plan.kind === 'corruption' ? [] : spec.plan.stages;
}
