import type { Classifier } from '../classifier/classifier.js';
import type { Services } from '../evaluate/services.js';
import { resolveParameters } from '../plugin/parameters.js';
import type { LabelledBatch } from '../tensor/batch.js';
import { attackJob } from './attack-job.js';

/** Steps of the timed attack; no example leaves early, so the work is the same on every machine. */
export const PGD_STEPS = 10;

/**
 * One shard of a PGD cell as a worker runs it, judge and witnesses included.
 * @param batch images the model gets right, so that all of them are attacked
 */
export async function pgdTask(
  services: Omit<Services, 'classifier' | 'dataset'>,
  classifier: Classifier,
  batch: LabelledBatch,
): Promise<() => Promise<unknown>> {
  const { parameters, metadata } = await services.attack({ id: 'pgd', version: '' });
  const run = attackJob(services, classifier, batch, {
    attack: { id: metadata.id, version: metadata.version },
    parameters: resolveParameters(
      parameters,
      { steps: PGD_STEPS, earlyLeave: false, return: 'last', zeroGradient: 'stay' },
      'pgd',
    ),
    threat: { kind: 'lp', norm: 'linf', epsilon: 0.1 },
    goal: { kind: 'untargeted' },
  });
  const { signal } = new AbortController();
  return () => run(signal);
}
