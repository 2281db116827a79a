/** Distances an attack may be bounded by or minimise. */
export const NORMS = ['linf', 'l2', 'l1', 'l0'] as const;
export type Norm = (typeof NORMS)[number];

/** Range of each parameter of a geometric transform; rotation in degrees, translations in pixels. */
export interface TransformRanges {
  readonly rotation: readonly [lower: number, upper: number];
  readonly translateX: readonly [lower: number, upper: number];
  readonly translateY: readonly [lower: number, upper: number];
}

/** Order of a transform's parameters in a proposal. */
export const TRANSFORM_PARAMETERS = ['rotation', 'translateX', 'translateY'] as const;

/**
 * What the attacker may do to an example, in raw units of the model's input.
 * - `lp`: move at most `epsilon` in the norm;
 * - `box`: stay between `lower` and `upper` (laid out like the batch);
 * - `minimum`: go anywhere in the input bounds, the distance is what counts;
 * - `transform`: rotate and translate within the ranges;
 * - `patch`: overwrite a square of at most `area` (fraction of the image).
 */
export type Threat =
  | { readonly kind: 'lp'; readonly norm: Norm; readonly epsilon: number }
  | { readonly kind: 'box'; readonly lower: Float32Array; readonly upper: Float32Array }
  | { readonly kind: 'minimum'; readonly norm: Norm }
  | { readonly kind: 'transform'; readonly ranges: TransformRanges }
  | { readonly kind: 'patch'; readonly area: number };

export type ThreatKind = Threat['kind'];

/** A threat as plain JSON: a box is named by the .npz file holding arrays `lower` and `upper`, one row per data index. */
export type ThreatSpec =
  Exclude<Threat, { kind: 'box' }> | { readonly kind: 'box'; readonly file: string; readonly sha256: string };

/** What counts as success: any wrong class, or the given class per example. */
export type Goal =
  { readonly kind: 'untargeted' } | { readonly kind: 'targeted'; readonly targets: Int32Array };

/** A goal as plain JSON: `next` is label + 1 modulo the classes, `random` a keyed draw among the others. */
export type GoalSpec =
  | { readonly kind: 'untargeted' }
  | { readonly kind: 'targeted'; readonly target: 'next' | 'random' | number };
