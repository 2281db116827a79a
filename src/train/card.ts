import type { Dataset } from '../data/dataset.js';
import type { Engine } from '../engine/engine.js';
import {
  headOf,
  ownArchitecturesOf,
  type Architectures,
  type OwnArchitecture,
} from '../models/architectures/registry.js';
import { checkCard, type ModelCard } from '../models/card.js';
import type { ValidationSplit } from './batches.js';
import type { LatentSummary } from './latent.js';
import type { Recipe } from './recipe.js';
import type { Count, EpochMetrics, TrainingState } from './state.js';

/** Parts of the data: trained on, chosen by, neither. */
type Part = 'train' | 'validation' | 'test';

/** Everything the card of a trained model tells. */
export interface TrainingRecord {
  readonly recipe: Recipe;
  /** What the recipe's names mean. */
  readonly architectures: Architectures;
  readonly fingerprint: string;
  readonly data: { readonly train: Dataset; readonly test: Dataset };
  readonly split: ValidationSplit;
  readonly engine: Engine;
  readonly toolVersion: string;
  readonly state: TrainingState;
  readonly results: {
    readonly accuracy: Readonly<Record<Part, Count>>;
    readonly latent: Readonly<Record<Part, LatentSummary>>;
  };
}

/** What the free part of a trained model's card holds. */
export interface CardTraining {
  readonly head: string;
  readonly recipe: Recipe;
  /** Those of the recipe that are not built in; absent where all are. */
  readonly architectures?: readonly OwnArchitecture[];
  readonly fingerprint: string;
  readonly seed: number;
  readonly data: {
    readonly source: string;
    readonly fit: number;
    readonly validation: number;
    readonly test: number;
    readonly fingerprints: Readonly<Record<'train' | 'test', string>>;
  };
  readonly epochs: number;
  readonly chosenEpoch: number;
  readonly steps: number;
  readonly loss: number;
  readonly crossEntropy: number;
  readonly curves: Curves;
  readonly accuracy: TrainingRecord['results']['accuracy'];
  readonly latent: TrainingRecord['results']['latent'];
  readonly tool: { readonly version: string; readonly engine: string; readonly engineVersion: string };
  readonly seconds: number;
}

/** A number per epoch in each list. */
type Curves = Readonly<Record<string, readonly number[]>> & { readonly train: readonly number[] };

/** Reads what `cardOf` wrote; undefined for the card of a model that was not trained here. */
export const trainingOf = ({ training }: ModelCard): CardTraining | undefined =>
  training as unknown as CardTraining | undefined;

/** The card of a trained model. Normalisation is inside its graph, so there is no `preprocessing`. */
export function cardOf(record: TrainingRecord): ModelCard {
  const { recipe, architectures, fingerprint, data, split, engine, toolVersion, state, results } = record;
  const best = state.history[state.best!.epoch - 1]!;
  const own = ownArchitecturesOf(recipe.network, architectures);
  const training: CardTraining = {
    head: headOf(architectures, recipe.network.head).metadata.title,
    recipe,
    ...(own.length > 0 && { architectures: own }),
    fingerprint,
    seed: recipe.seed,
    data: {
      source: data.train.id,
      ...{ fit: split.fit.length, validation: split.validation.length, test: data.test.length },
      fingerprints: { train: data.train.fingerprint, test: data.test.fingerprint },
    },
    epochs: state.history.length,
    chosenEpoch: best.epoch,
    steps: state.step,
    loss: best.loss,
    crossEntropy: best.crossEntropy,
    curves: curvesOf(state.history),
    accuracy: results.accuracy,
    latent: results.latent,
    tool: { version: toolVersion, engine: engine.id, engineVersion: engine.version },
    seconds: Math.round(state.seconds),
  };
  const card: ModelCard = {
    schemaVersion: 1,
    id: recipe.id,
    title: recipe.title,
    input: { shape: [...data.train.shape], layout: 'NCHW', bounds: [0, 1] },
    output: 'logits',
    features: 'features',
    numClasses: data.train.numClasses,
    data: { source: recipe.data.source, split: 'train' },
    training: { ...training },
  };
  return checkCard(card, `card of ${recipe.id}`);
}

/** How the training went, a number per epoch in each list: fractions of right examples, losses, strength of the penalty. */
function curvesOf(history: readonly EpochMetrics[]): Curves {
  const each = (value: (metrics: EpochMetrics) => number): number[] =>
    history.map((metrics) => Number(value(metrics).toPrecision(DIGITS)));
  const share = ({ correct, n }: Count): number => correct / n;
  const hasPenalty = history.some(({ penaltyStrength }) => penaltyStrength !== null);
  return {
    loss: each(({ loss }) => loss),
    crossEntropy: each(({ crossEntropy }) => crossEntropy),
    train: each(({ train }) => share(train)),
    validation: each(({ validation }) => share(validation)),
    separation: each(({ latent }) => latent.separation),
    sameCode: each(({ latent }) => latent.sameCode),
    ...(hasPenalty && { penaltyStrength: each(({ penaltyStrength }) => penaltyStrength ?? 0) }),
  };
}

/** Of the numbers in curves, which are for the eye. */
const DIGITS = 4;
