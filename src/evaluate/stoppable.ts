import type { Classifier } from '../classifier/classifier.js';
import type { Services } from './services.js';

/**
 * A flag that the main thread raises and a worker reads. A worker must not simply be terminated: ending a thread inside a
 * native call of the engine takes the whole process down.
 */
export type StopFlag = Int32Array<SharedArrayBuffer>;

export const newStopFlag = (): StopFlag =>
  new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** Asks whoever reads the flag to stop. */
export function raise(flag: StopFlag): void {
  Atomics.store(flag, 0, 1);
}

/** The worker's side of a flag. */
interface Stoppable {
  readonly services: Services;
  /** Aborted as soon as the raised flag is seen. */
  readonly signal: AbortSignal;
}

/** Services that look at the flag whenever data are opened and before every pass of a classifier, and give up once it is raised. */
export function stoppable(services: Services, flag: StopFlag): Stoppable {
  const controller = new AbortController();
  const { signal } = controller;
  const check = (): void => {
    if (Atomics.load(flag, 0) !== 0) controller.abort();
    signal.throwIfAborted();
  };
  return {
    signal,
    services: {
      ...services,
      dataset: async (reference) => {
        check();
        return services.dataset(reference);
      },
      classifier: async (reference) => checked(await services.classifier(reference, signal), check),
    },
  };
}

function checked(classifier: Classifier, check: () => void): Classifier {
  const first = async <T>(pass: () => Promise<T>): Promise<T> => {
    check();
    return pass();
  };
  return {
    input: classifier.input,
    numClasses: classifier.numClasses,
    stochastic: classifier.stochastic,
    ...(classifier.remarks === undefined ? {} : { remarks: classifier.remarks }),
    predict: (batch, draw) => first(() => classifier.predict(batch, draw)),
    logits: (batch, draw) => first(() => classifier.logits(batch, draw)),
    features: (batch, draw) => first(() => classifier.features(batch, draw)),
    lossGradient: (batch, request, draw) => first(() => classifier.lossGradient(batch, request, draw)),
    vjp: (batch, cotangent, draw) => first(() => classifier.vjp(batch, cotangent, draw)),
  };
}
