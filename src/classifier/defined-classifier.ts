import { GauntletError, messageOf } from '../errors.js';
import { checkedAnswer, logitsOf, scoreCotangent } from '../models/defined/answer.js';
import type { OpenModel } from '../models/defined/open-model.js';
import { sliceRow, type Batch } from '../tensor/batch.js';
import { elementCount } from '../tensor/tensor.js';
import { argmax, type Classifier } from './classifier.js';
import { requireFit } from './rows.js';

/** Asks about rows `from` to `to` of a batch; the answer has one row for each. */
type Ask = (from: number, to: number, signal: AbortSignal) => unknown;

/**
 * A model that is no file as a classifier. Batches are asked about in pieces the model takes, and its answers are checked: what
 * goes wrong is an error, never a score.
 * @param losses losses of rows of logits, as a classifier whose input are the logits (see scores-classifier)
 * @param signal stops what is under way
 * @throws GauntletError from its methods: MODEL_FAILED, MODEL_ANSWER, QUERY_BUDGET, NO_GRADIENT, NO_FEATURES, INPUT_SHAPE; the
 *   signal's reason when aborted.
 */
export function definedClassifier(
  model: OpenModel,
  losses: () => Promise<Classifier>,
  signal: AbortSignal,
): Classifier {
  const { input, numClasses, scores: kind, gradient } = model;
  const source = `${model.reference.id} (${model.reference.path})`;
  const size = elementCount(input.shape);

  const logits = async (batch: Batch): Promise<Float32Array> => {
    requireFit(batch, input);
    const ask: Ask = (from, to, stop) =>
      model.predict(batch.data.slice(from * size, to * size), to - from, stop);
    return logitsOf(await answers(batch, numClasses, ask), kind, source);
  };
  const vjp: Classifier['vjp'] = async (batch, cotangent) => {
    requireGradient();
    const found = await logits(batch);
    return { logits: found, gradient: await pullBack(batch, found, cotangent) };
  };
  const pullBack = async (
    batch: Batch,
    found: Float32Array,
    cotangent: Float32Array,
  ): Promise<Float32Array> => {
    const ofScores = scoreCotangent(cotangent, found, kind);
    const ask: Ask = (from, to, stop) =>
      requireGradient()(
        batch.data.slice(from * size, to * size),
        to - from,
        ofScores.slice(from * numClasses, to * numClasses),
        stop,
      );
    return answers(batch, size, ask);
  };
  const requireGradient = () => {
    if (gradient !== undefined) return gradient;
    throw new GauntletError('NO_GRADIENT', `${source} gives scores but no gradients`);
  };

  /** Answers of `width` values per row, piece by piece; after a failure no further piece is asked about. */
  async function answers({ keys }: Batch, width: number, ask: Ask): Promise<Float32Array> {
    const count = keys.length;
    const out = new Float32Array(count * width);
    signal.throwIfAborted();
    model.allowance.spend(count);
    const failed = new AbortController();
    const stop = AbortSignal.any([signal, failed.signal]);
    const pieceSize = Math.min(model.batchSize, count);
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < count && !stop.aborted) {
        const [from, to] = [next, Math.min(next + pieceSize, count)];
        next = to;
        const answer = checkedAnswer(await answerOf(ask(from, to, stop), stop), {
          ...{ source, rows: to - from, width },
        });
        out.set(answer, from * width);
      }
    };
    const lanes = Array.from({ length: Math.min(model.concurrency, Math.ceil(count / pieceSize)) }, () =>
      lane().catch((error: unknown) => {
        const first = !failed.signal.aborted;
        failed.abort();
        // The others only fail because this one did.
        if (first) throw error;
      }),
    );
    const settled = await Promise.allSettled(lanes);
    signal.throwIfAborted();
    for (const one of settled) if (one.status === 'rejected') throw asModelError(one.reason, source);
    return out;
  }

  return {
    ...{ input, numClasses, logits, vjp },
    stochastic: false,
    predict: async (batch) => {
      const found = await logits(batch);
      return Int32Array.from(batch.keys, (_key, row) => argmax(sliceRow(found, row, numClasses)));
    },
    lossGradient: async (batch, request) => {
      requireGradient();
      const found = await logits(batch);
      const rows = { shape: [numClasses], data: found, keys: batch.keys };
      const { loss, gradient: cotangent } = await (await losses()).lossGradient(rows, request);
      return { logits: found, loss, gradient: await pullBack(batch, found, cotangent) };
    },
    features: () =>
      Promise.reject(new GauntletError('NO_FEATURES', `${source} does not give its penultimate layer`)),
  };
}

/** The answer, or the signal's reason as soon as it is aborted: code need not heed the signal. */
function answerOf(answer: unknown, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    Promise.resolve(answer)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Whatever the code of a model throws is a failure of the model. */
function asModelError(error: unknown, source: string): GauntletError {
  if (error instanceof GauntletError) return error;
  return new GauntletError('MODEL_FAILED', `${source} threw an error: ${messageOf(error)}`, { cause: error });
}
