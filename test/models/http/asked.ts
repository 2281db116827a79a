import type { Classifier } from '../../../src/classifier/classifier.js';
import { definedClassifier } from '../../../src/classifier/defined-classifier.js';
import type { ModelCard } from '../../../src/models/card.js';
import type { HttpModel } from '../../../src/models/defined/definition.js';
import type { OpenModel } from '../../../src/models/defined/open-model.js';
import { openEndpoint } from '../../../src/models/http/open.js';

/** Retries come at once, so that tests do not wait. */
export const QUICK = { timeout: 5, pause: 0.001 } as const;

/** Opens a served model. */
export function open(
  url: string,
  options: Partial<HttpModel> = {},
  card?: Omit<ModelCard, 'schemaVersion'>,
  signal: AbortSignal = new AbortController().signal,
): Promise<OpenModel> {
  return openEndpoint(
    { kind: 'http', url, ...QUICK, ...options },
    card && { schemaVersion: 1, ...card },
    signal,
  );
}

/** An opened model as a classifier that follows no losses. */
export function asked(model: OpenModel, signal: AbortSignal = new AbortController().signal): Classifier {
  return definedClassifier(model, () => Promise.reject(new Error('no losses here')), signal);
}
