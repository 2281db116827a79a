import type { Batch } from '../tensor/batch.js';
import type { Access, Classifier, ClassifierByAccess, Draw, PassCount } from './classifier.js';

/** A classifier that keeps account of what it was asked. */
export interface CountingClassifier extends Classifier {
  /** Passes spent so far on the example of that key. */
  passes(key: number): PassCount;
}

/** Passes by example key. */
export interface PassLedger {
  readonly forward: Map<number, number>;
  readonly gradient: Map<number, number>;
}

/**
 * Wraps a classifier so that every pass is booked on the examples it was spent on. Calls that fail are not booked.
 * @param spent the ledger to book in; give two classifiers the same one to count a surrogate's passes with the target's.
 */
export function countPasses(
  classifier: Classifier,
  spent: PassLedger = { forward: new Map(), gradient: new Map() },
): CountingClassifier {
  const booked = async <T>(kind: keyof PassLedger, batch: Batch, work: Promise<T>): Promise<T> => {
    const result = await work;
    for (const key of batch.keys) spent[kind].set(key, (spent[kind].get(key) ?? 0) + 1);
    return result;
  };
  return {
    input: classifier.input,
    numClasses: classifier.numClasses,
    stochastic: classifier.stochastic,
    predict: (batch, draw) => booked('forward', batch, classifier.predict(batch, draw)),
    logits: (batch, draw) => booked('forward', batch, classifier.logits(batch, draw)),
    features: (batch, draw) => booked('forward', batch, classifier.features(batch, draw)),
    lossGradient: (batch, request, draw) =>
      booked('gradient', batch, classifier.lossGradient(batch, request, draw)),
    vjp: (batch, cotangent, draw) => booked('gradient', batch, classifier.vjp(batch, cotangent, draw)),
    passes: (key) => ({ forward: spent.forward.get(key) ?? 0, gradient: spent.gradient.get(key) ?? 0 }),
  };
}

const METHODS = {
  decision: ['predict'],
  scores: ['predict', 'logits'],
  gradient: ['predict', 'logits', 'lossGradient', 'vjp', 'features'],
} as const satisfies Record<Access, readonly (keyof Classifier)[]>;

/**
 * A view of the classifier with what the access level allows and nothing else: an attack that casts its way to a method it
 * has no right to finds none there. Its draws are apart from those of the harness, whatever it calls them.
 */
export function restrict<A extends Access>(classifier: Classifier, access: A): ClassifierByAccess[A] {
  const { input, numClasses, stochastic } = classifier;
  const lent = stochastic ? withOwnDraws(classifier) : classifier;
  const allowed = METHODS[access].map((method) => [method, lent[method].bind(lent)] as const);
  return Object.freeze({
    input,
    numClasses,
    stochastic,
    ...Object.fromEntries(allowed),
  }) as unknown as ClassifierByAccess[A];
}

/** Draws that an attack names are under a purpose of their own; without one they stay the model's fixed one. */
function withOwnDraws(classifier: Classifier): Classifier {
  const own = (draw?: Draw): Draw | undefined => draw && { ...draw, purpose: `attack/${draw.purpose}` };
  return {
    ...{ input: classifier.input, numClasses: classifier.numClasses, stochastic: classifier.stochastic },
    predict: (batch, draw) => classifier.predict(batch, own(draw)),
    logits: (batch, draw) => classifier.logits(batch, own(draw)),
    features: (batch, draw) => classifier.features(batch, own(draw)),
    lossGradient: (batch, request, draw) => classifier.lossGradient(batch, request, own(draw)),
    vjp: (batch, cotangent, draw) => classifier.vjp(batch, cotangent, own(draw)),
  };
}
