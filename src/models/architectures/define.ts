import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import type { ActivationId } from './activations.js';
import type { ImageValue, LayerBuilder, VectorValue } from './layers.js';

/**
 * JSON Schema of what a recipe may say of a backbone, besides `kind`. Every property has a description; one with a default may be
 * left out of a recipe.
 */
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

/** What is known of an architecture without building it. */
export interface ArchitectureMetadata {
  /** Kebab case: a backbone's `kind` in a recipe, or its `head`. */
  readonly id: string;
  readonly title: string;
  /** Half a sentence, for listings. */
  readonly summary: string;
  readonly paper?: string;
  /** Bumped when the same recipe makes another network. */
  readonly version: string;
  readonly apiVersion: number;
}

/** The part of a network between the normalised image and the head. One file of backbones/ holds one. */
export interface BackbonePlugin<S extends BackboneSchema = BackboneSchema> {
  readonly kind: 'architecture';
  readonly part: 'backbone';
  readonly metadata: ArchitectureMetadata;
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
  readonly kind: 'architecture';
  readonly part: 'head';
  readonly metadata: ArchitectureMetadata;
  /** Whether the loss must pull the penultimate output towards the origin: a recipe then needs a penalty, else it may have none. */
  readonly compressed: boolean;
  /** Units of the penultimate layer when the recipe names none; null where there is no such layer. */
  readonly defaultUnits: number | null;
  /** Probability with which training drops an output of the network; absent for none. */
  readonly dropout?: number;
  /** Adds the penultimate layer, named `penultimate` or, of several, `penultimate.<layer>`; returns its output, the latent vector z. */
  readonly build: (
    layers: LayerBuilder,
    features: VectorValue,
    options: { readonly units: number; readonly activation: ActivationId },
  ) => VectorValue;
}

export type ArchitecturePlugin = BackbonePlugin | HeadPlugin;

/**
 * Types a backbone or a head that is built in: the types of a backbone's parameters follow from its schema. Those of users are
 * checked as well (`src/plugin/define.ts`); the built-in ones, by a test.
 * @returns its argument
 */
export function typedArchitecture<const S extends BackboneSchema>(
  backbone: BackbonePlugin<S>,
): BackbonePlugin<S>;
export function typedArchitecture(head: HeadPlugin): HeadPlugin;
export function typedArchitecture(architecture: object): object {
  return architecture;
}
