import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import type { ActivationId } from './activations.js';
import type { ImageValue, LayerBuilder, VectorValue } from './layers.js';

/** JSON Schema of what a recipe may say of a backbone, besides `kind`. */
export interface BackboneSchema {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, object>>;
}

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

/** What a recipe may say of a backbone, typed by its schema; anything when the schema is not known. */
export type ParametersOf<S extends BackboneSchema> = BackboneSchema extends S
  ? Readonly<Record<string, unknown>>
  : S extends JSONSchema
    ? Frozen<FromSchema<S>>
    : never;

/** The part of a network between the normalised image and the head. One file of backbones/ holds one. */
export interface BackbonePlugin<S extends BackboneSchema = BackboneSchema> {
  readonly part: 'backbone';
  /** `kind` in a recipe. */
  readonly id: string;
  readonly title: string;
  /** Half a sentence, for listings. */
  readonly summary: string;
  readonly paper?: string;
  readonly parameters: S;
  /** Adds the layers to `layers`, all named `backbone.<layer>`; returns the features [batch, width]. */
  readonly build: (
    layers: LayerBuilder,
    x: ImageValue,
    parameters: ParametersOf<S>,
    activation: ActivationId,
  ) => VectorValue;
}

/** What stands between backbone and output layer, and what its loss must hold. One file of heads/ holds one. */
export interface HeadPlugin {
  readonly part: 'head';
  /** `head` in a recipe. */
  readonly id: string;
  /** The paper's name. */
  readonly title: string;
  readonly summary: string;
  readonly paper?: string;
  /** Whether the loss must pull the penultimate output towards the origin. */
  readonly compressed: boolean;
  /** Units of the penultimate layer when the recipe names none; null where there is no such layer. */
  readonly defaultUnits: number | null;
  /** Probability with which training drops an output of the network; absent for none. */
  readonly dropout?: number;
  /** Adds the penultimate layer; returns its output, the latent vector z. */
  readonly build: (
    layers: LayerBuilder,
    features: VectorValue,
    options: { readonly units: number; readonly activation: ActivationId },
  ) => VectorValue;
}

/**
 * Defines an architecture: a backbone or a head, as `part` says. The types of a backbone's parameters follow from its schema.
 * @returns its argument
 */
export function defineArchitecture<const Id extends string, const S extends BackboneSchema>(
  backbone: BackbonePlugin<S> & { readonly id: Id },
): BackbonePlugin<S> & { readonly id: Id };
export function defineArchitecture<const Id extends string>(
  head: HeadPlugin & { readonly id: Id },
): HeadPlugin & { readonly id: Id };
export function defineArchitecture(architecture: object): object {
  return architecture;
}
