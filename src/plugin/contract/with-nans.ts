import type { Classifier } from '../../classifier/classifier.js';

/** The classifier, with NaN for everything it says about one example. */
export function withNaNs(classifier: Classifier, key: number): Classifier {
  const spoil = (values: Float32Array, keys: readonly number[]): Float32Array => {
    const width = values.length / keys.length;
    keys.forEach((other, row) => {
      if (other === key) values.fill(NaN, row * width, (row + 1) * width);
    });
    return values;
  };
  return {
    ...classifier,
    predict: async (batch) => {
      const predicted = await classifier.predict(batch);
      return predicted.map((value, row) => (batch.keys[row] === key ? -1 : value));
    },
    logits: async (batch) => spoil(await classifier.logits(batch), batch.keys),
    features: async (batch) => spoil(await classifier.features(batch), batch.keys),
    lossGradient: async (batch, request) => {
      const { logits, loss, gradient } = await classifier.lossGradient(batch, request);
      return {
        logits: spoil(logits, batch.keys),
        loss: spoil(loss, batch.keys),
        gradient: spoil(gradient, batch.keys),
      };
    },
    vjp: async (batch, cotangent) => {
      const { logits, gradient } = await classifier.vjp(batch, cotangent);
      return { logits: spoil(logits, batch.keys), gradient: spoil(gradient, batch.keys) };
    },
  };
}
