import type { Classifier } from '../classifier/classifier.js';
import { sliceRow, type Batch } from '../tensor/batch.js';
import { allFinite } from '../tensor/finite.js';

/**
 * The classifier, noting the examples on which its answer was not finite although what it was asked was: numbers within the
 * input bounds. An attack goes on without such an answer or gives up; what it then leaves was not shown to be robust.
 * @param faults keys of such examples, added to.
 */
export function watchAnswers(classifier: Classifier, faults: Set<number>): Classifier {
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
  const noting = async <T extends { readonly logits: Float32Array }>(batch: Batch, pass: Promise<T>) => {
    const answer = await pass;
    noteScores(batch, answer.logits);
    return answer;
  };
  return {
    ...{ input: classifier.input, numClasses: classifier.numClasses, stochastic: classifier.stochastic },
    predict: async (batch, draw) => {
      const predicted = await classifier.predict(batch, draw);
      note(batch, (row) => predicted[row]! < 0);
      return predicted;
    },
    logits: async (batch, draw) => {
      const logits = await classifier.logits(batch, draw);
      noteScores(batch, logits);
      return logits;
    },
    features: (batch, draw) => classifier.features(batch, draw),
    lossGradient: (batch, request, draw) => noting(batch, classifier.lossGradient(batch, request, draw)),
    vjp: (batch, cotangent, draw) => noting(batch, classifier.vjp(batch, cotangent, draw)),
  };
}
