import type { RandomStream } from '../random/stream.js';
import type { ParameterSchema, ParametersOf } from './attack.js';

/** One image, channels first, float32 in [0, 1]. */
export interface Image {
  readonly shape: readonly [channels: number, height: number, width: number];
  readonly data: Float32Array;
}

export const CORRUPTION_NEEDS = ['frost-textures', 'pessimal-noise-matrix'] as const;

export interface CorruptionMetadata {
  /** Snake case as in the literature, equal to the file's name. */
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly paper: string;
  readonly version: string;
  readonly apiVersion: number;
  readonly stochastic: boolean;
  /**
   * What it cannot do without and does not come with Gauntlet: photographs of frost, or the matrix that MNIST-C's pessimal
   * noise is drawn with. They reach it in its setting.
   */
  readonly needs?: (typeof CORRUPTION_NEEDS)[number];
}

/** The published sets whose parameters and conventions a corruption can follow. */
export const PROFILES = ['cifar', 'tiny-imagenet', 'imagenet', 'mnist'] as const;
export type Profile = (typeof PROFILES)[number];

/** `reference` does as the published scripts do, mistakes included; `fixed` does what they meant to. */
export const QUIRKS = ['reference', 'fixed'] as const;
export type Quirks = (typeof QUIRKS)[number];

/** What all the corruptions of a set have in common, beside their parameters. */
export interface CorruptionSetting {
  readonly profile: Profile;
  readonly quirks: Quirks;
  /** Photographs of frost, channels first, for a corruption whose metadata needs them; in the order of their file names. */
  readonly textures?: readonly Image[];
  /** The matrix of pessimal noise, 196 x 196 row by row, for the corruption whose metadata needs it. */
  readonly noiseMatrix?: ArrayLike<number>;
}

/** A corruption: `sample` draws the random part, `apply` is pure. */
export interface CorruptionPlugin<S extends ParameterSchema = ParameterSchema, Drawn = unknown> {
  readonly kind: 'corruption';
  readonly metadata: CorruptionMetadata;
  readonly parameters: S;
  /**
   * Parameter values per severity, from 1 (index 0) to 5 at most: a list for each profile it has, or one list that stands for
   * every profile.
   */
  readonly severities:
    readonly ParametersOf<S>[] | Readonly<Partial<Record<Profile, readonly ParametersOf<S>[]>>>;
  readonly sample: (
    random: RandomStream,
    severity: ParametersOf<S>,
    shape: Image['shape'],
    setting: CorruptionSetting,
  ) => Drawn;
  /** Returns a new image of the same shape with values in [0, 1]. */
  readonly apply: (
    image: Image,
    drawn: Drawn,
    severity: ParametersOf<S>,
    setting: CorruptionSetting,
  ) => Float32Array;
}

/** The profiles a corruption has parameters for. */
export function profilesOf(plugin: Pick<CorruptionPlugin, 'severities'>): readonly Profile[] {
  return PROFILES.filter((profile) => severitiesOf(plugin, profile).length > 0);
}

/** The severities of a corruption under a profile; none where it has no such profile. */
export function severitiesOf<P>(
  { severities }: { readonly severities: readonly P[] | Readonly<Partial<Record<Profile, readonly P[]>>> },
  profile: Profile,
): readonly P[] {
  return 'length' in severities ? severities : (severities[profile] ?? []);
}
