import type { Classifier } from '../classifier/classifier.js';
import { lossById } from '../classifier/losses/index.js';
import { GauntletError, type ErrorKey } from '../errors.js';
import { sliceRow, type Batch } from '../tensor/batch.js';
import { allFinite } from '../tensor/finite.js';

/** What an attack met with that its result has to tell. */
export interface Notes {
  /** Keys of the examples on which an answer was not finite although what was asked was: numbers within the input bounds. */
  readonly faults: Set<number>;
  /** Losses followed that are not defined for so few classes, in whose place the margin was. */
  readonly substituted: Set<string>;
  /** The first failure of the model itself: what an attack that goes on after it finds nothing in was not shown to be robust. */
  failure?: GauntletError;
}

/** Errors that say that a model could not be asked, rather than that an attack went wrong. */
export const MODEL_FAILURES: readonly ErrorKey[] = ['MODEL_FAILED', 'MODEL_ANSWER', 'QUERY_BUDGET'];

/**
 * The classifier, taking notes. An attack goes on without an answer that is not finite, or gives up: what it then leaves was not
 * shown to be robust.
 */
export function watchAnswers(classifier: Classifier, notes: Notes): Classifier {
  const { faults, substituted } = notes;
  const [lower, upper] = classifier.input.bounds;

  /** @param failed whether the answer in a row is none. */
  function note({ keys, data }: Batch, failed: (row: number) => boolean): void {
    const size = data.length / keys.length;
    keys.forEach((key, row) => {
      if (!failed(row)) return;
      const asked = sliceRow(data, row, size);
      if (asked.every((value) => value >= lower && value <= upper)) faults.add(key);
    });
  }

  const noteScores = (batch: Batch, scores: Float32Array): void => {
    const width = scores.length / batch.keys.length;
    note(batch, (row) => !allFinite(sliceRow(scores, row, width)));
  };
  const answered = async <T>(pass: Promise<T>): Promise<T> =>
    pass.catch((error: unknown) => {
      if (error instanceof GauntletError && MODEL_FAILURES.includes(error.key)) notes.failure ??= error;
      throw error;
    });
  const noting = async <T extends { readonly logits: Float32Array }>(batch: Batch, pass: Promise<T>) => {
    const answer = await answered(pass);
    noteScores(batch, answer.logits);
    return answer;
  };
  return {
    ...{ input: classifier.input, numClasses: classifier.numClasses, stochastic: classifier.stochastic },
    predict: async (batch, draw) => {
      const predicted = await answered(classifier.predict(batch, draw));
      note(batch, (row) => predicted[row]! < 0);
      return predicted;
    },
    logits: async (batch, draw) => {
      const logits = await answered(classifier.logits(batch, draw));
      noteScores(batch, logits);
      return logits;
    },
    features: (batch, draw) => answered(classifier.features(batch, draw)),
    lossGradient: async (batch, request, draw) => {
      const answer = await noting(batch, classifier.lossGradient(batch, request, draw));
      const { minClasses = 2 } = lossById(request.loss).metadata;
      if (classifier.numClasses < minClasses) substituted.add(request.loss);
      return answer;
    },
    vjp: (batch, cotangent, draw) => noting(batch, classifier.vjp(batch, cotangent, draw)),
  };
}
