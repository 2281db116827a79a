import type { StudyTraining } from '../results/schema/study-training.js';
import type { ModelCard } from '../models/card.js';
import { trainingOf } from '../train/card.js';
import type { Training } from './plan.js';

/** Training accuracy from which a network has fitted its images, as in the paper. */
const FITTED = 0.999;

/** Epochs that curves keep at most, so that a long training has a small record too. */
const KEPT_EPOCHS = 20;
const DIGITS = 3;

/**
 * The record of a training, from the card it wrote.
 * @param sha256 of the model
 */
export function trainingRecord(
  { id, part, setting, head, seed }: Training,
  card: ModelCard,
  sha256: string,
): StudyTraining {
  const training = trainingOf(card)!;
  const { recipe, fingerprint, epochs, chosenEpoch, crossEntropy, accuracy, latent, tool, seconds } =
    training;
  const fitted = training.curves.train.findIndex((value) => value >= FITTED);
  return {
    ...{ schemaVersion: 1, kind: 'study-training', id, part, setting, head, seed, model: sha256 },
    learningRate: recipe.optimiser.learningRate,
    recipe: recipe as unknown as Record<string, unknown>,
    ...{ fingerprint, epochs, chosenEpoch, crossEntropy, accuracy, latent, tool, seconds },
    fittedEpoch: fitted === -1 ? null : fitted + 1,
    curves: thinned(training.curves, epochs),
  };
}

/** Every curve at the same epochs, evenly spaced, the last among them. */
function thinned(curves: Readonly<Record<string, readonly number[]>>, epochs: number) {
  const kept = Math.min(KEPT_EPOCHS, epochs);
  const epoch = Array.from({ length: kept }, (_, i) => Math.round(((i + 1) * epochs) / kept));
  const values = Object.entries(curves).map(
    ([name, curve]) => [name, epoch.map((at) => Number(curve[at - 1]!.toPrecision(DIGITS)))] as const,
  );
  return { ...Object.fromEntries(values), epoch };
}
