import { readFile } from 'node:fs/promises';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { GauntletError, messageOf } from '../errors.js';
import { backboneWithDefaults } from '../models/architectures/defaults.js';
import type { NetworkSpec } from '../models/architectures/network.js';
import {
  backboneOf,
  builtInArchitectures,
  headOf,
  type Architectures,
  type BackboneSpec,
} from '../models/architectures/registry.js';
import { firstProblem, pathText } from '../text/schema-problem.js';
import { parseLocatedYaml } from '../text/located-yaml.js';
import type { LossSpec } from './losses.js';
import type { OptimiserSpec } from './optimisers.js';
import type { PenaltyId } from './penalties.js';
import { recipeSchemaOf, type RecipeFile } from './recipe-schema.js';
import type { LearningRateSchedule, PenaltySchedule } from './schedules.js';

/** How adversarial examples are made in training; see adversary.ts. */
export interface AdversarialSpec {
  /** Largest change of a pixel, in values of [0, 1]. */
  readonly epsilon: number;
  readonly stepSize: number;
  readonly steps: number;
  /** Epochs in which epsilon and step size grow from 0 to these values. */
  readonly warmUp: number;
}

/** How training images are varied; see augment.ts. */
export interface AugmentSpec {
  readonly flip?: boolean;
  /** Pixels of padding. */
  readonly crop?: number;
}

/** A training recipe with every default filled in; what it does not ask for is absent. */
export interface Recipe {
  readonly id: string;
  readonly title: string;
  readonly data: {
    readonly source: string;
    readonly validation: number;
    readonly limit: number | null;
    readonly shape?: readonly number[];
  };
  readonly seed: number;
  readonly network: Pick<NetworkSpec, 'head' | 'activation' | 'units'> & { readonly backbone: BackboneSpec };
  readonly penalty: (PenaltySchedule & { readonly kind: PenaltyId }) | null;
  readonly loss?: LossSpec;
  readonly optimiser: OptimiserSpec;
  readonly schedule: LearningRateSchedule;
  /** Where absent, the output layer learns like all others. */
  readonly outputLayer?: { readonly learningRate: number; readonly schedule: LearningRateSchedule };
  readonly augment?: AugmentSpec;
  readonly adversarial?: AdversarialSpec;
  readonly epochs: number;
  readonly batchSize: number;
  readonly selectFrom: number;
  readonly earlyStop?: number;
}

const compiled = new WeakMap<Architectures, ValidateFunction<RecipeFile>>();

function validatorOf(architectures: Architectures): ValidateFunction<RecipeFile> {
  const known = compiled.get(architectures);
  if (known !== undefined) return known;
  const ajv = new Ajv2020({ allErrors: true, discriminator: true, strictTypes: false, verbose: true });
  const validate = ajv.compile<RecipeFile>(recipeSchemaOf(architectures));
  compiled.set(architectures, validate);
  return validate;
}

/**
 * Reads a recipe file (YAML).
 * @param architectures what it may name; those built in unless given
 * @throws GauntletError RECIPE_INVALID, with line and column, when it is missing, malformed or contradicts itself
 */
export async function readRecipe(
  path: string,
  architectures: Architectures = builtInArchitectures,
): Promise<Recipe> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new GauntletError('RECIPE_INVALID', `The recipe ${path} cannot be read: ${messageOf(cause)}.`, {
      cause,
    });
  });
  return parseRecipe(text, path, architectures);
}

/**
 * A recipe from its YAML text.
 * @param source name of the file, for messages
 * @param architectures what it may name; those built in unless given
 * @throws GauntletError RECIPE_INVALID
 */
export function parseRecipe(
  text: string,
  source: string,
  architectures: Architectures = builtInArchitectures,
): Recipe {
  const fail = (position: string, message: string) =>
    new GauntletError('RECIPE_INVALID', `${position}: ${message}.`);
  const yaml = parseLocatedYaml(text, source, fail);
  const content = yaml.content;
  const validate = validatorOf(architectures);
  if (!validate(content)) {
    const { path, message } = firstProblem(validate.errors ?? []);
    throw fail(yaml.at(path), `${pathText(path)}: ${message}`);
  }
  const recipe = withDefaults(content, architectures);
  const contradiction = contradictionIn(recipe, architectures);
  if (contradiction !== null) {
    const { path, message } = contradiction;
    throw fail(yaml.at(path), `${pathText(path)}: ${message}`);
  }
  return recipe;
}

function withDefaults(file: RecipeFile, architectures: Architectures): Recipe {
  const { id, title, seed, epochs, batchSize, loss, augment, adversarial, outputLayer, earlyStop } = file;
  const backbone = file.network.backbone as BackboneSpec;
  const optimiser = optimiserWithDefaults(file.optimiser);
  const { learningRate } = optimiser;
  return {
    ...{ id, title, seed, epochs, batchSize, optimiser },
    data: { limit: null, ...file.data },
    network: {
      ...file.network,
      backbone: backboneWithDefaults(backbone, backboneOf(architectures, backbone.kind)),
    },
    penalty: file.penalty ?? null,
    schedule: scheduleWithDefaults(file.schedule),
    selectFrom: file.selectFrom ?? 1,
    ...(loss && { loss: { margin: 0.3, scale: 32, ...loss } }),
    ...(augment && { augment }),
    ...(adversarial && { adversarial: { warmUp: 0, ...adversarial } }),
    ...(outputLayer && {
      outputLayer: { learningRate, ...outputLayer, schedule: scheduleWithDefaults(outputLayer.schedule) },
    }),
    ...(earlyStop !== undefined && { earlyStop }),
  };
}

function optimiserWithDefaults(optimiser: RecipeFile['optimiser']): OptimiserSpec {
  return optimiser.kind === 'sgd'
    ? { momentum: 0, weightDecay: 0, ...optimiser }
    : { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, ...optimiser };
}

function scheduleWithDefaults(schedule: RecipeFile['schedule']): LearningRateSchedule {
  if (schedule === undefined) return { kind: 'constant' };
  return schedule.kind === 'cosine' ? { floor: 0, ...schedule } : schedule;
}

function contradictionIn(
  recipe: Recipe,
  architectures: Architectures,
): { path: string[]; message: string } | null {
  const { head, units } = recipe.network;
  const { metadata, compressed, defaultUnits, dropout = 0 } = headOf(architectures, head);
  const { title } = metadata;
  if (compressed && recipe.penalty === null)
    return { path: ['network', 'head'], message: `${title} needs a penalty, and the recipe has none` };
  if (!compressed && recipe.penalty !== null)
    return { path: ['penalty'], message: `${title} is trained without a penalty` };
  if (defaultUnits === null && units !== undefined)
    return { path: ['network', 'units'], message: `${title} has no penultimate layer` };
  if (recipe.loss !== undefined && dropout > 0)
    return { path: ['loss'], message: `${title} drops logits, which ${recipe.loss.kind} needs whole` };
  if (recipe.selectFrom > recipe.epochs)
    return {
      path: ['selectFrom'],
      message: `must be at most epochs (${recipe.epochs}), received ${recipe.selectFrom}`,
    };
  return null;
}
