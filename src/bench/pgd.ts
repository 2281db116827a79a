import type { Classifier } from '../classifier/classifier.js';
import type { CellSpec } from '../evaluate/cell.js';
import type { Job } from '../evaluate/job.js';
import type { Services } from '../evaluate/services.js';
import { runJob } from '../evaluate/shard.js';
import { resolveParameters } from '../plugin/parameters.js';
import type { LabelledBatch } from '../tensor/batch.js';

/** Steps of the timed attack; no example leaves early, so the work is the same on every machine. */
export const PGD_STEPS = 10;

/**
 * One shard of a PGD cell as a worker runs it, judge and witnesses included.
 * @param batch images the model gets right, so that all of them are attacked
 */
export async function pgdTask(
  services: Pick<Services, 'attack' | 'corruption'>,
  classifier: Classifier,
  batch: LabelledBatch,
): Promise<() => Promise<unknown>> {
  const attack = await services.attack({ id: 'pgd', version: '' });
  const parameters = resolveParameters(
    attack.parameters,
    { steps: PGD_STEPS, earlyLeave: false, return: 'last', zeroGradient: 'stay' },
    'pgd',
  );
  const spec: CellSpec = {
    entry: 'bench',
    title: 'bench',
    model: { id: 'bench', path: '', sha256: '' },
    data: { source: 'bench', split: 'test', fingerprint: '', indices: batch.keys },
    plan: {
      kind: 'attack',
      stages: [
        {
          attack: { id: attack.metadata.id, version: attack.metadata.version },
          parameters: parameters,
          threat: { kind: 'lp', norm: 'linf', epsilon: 0.1 },
          goal: { kind: 'untargeted' },
        },
      ],
    },
    seed: 0,
    fingerprint: '',
  };
  const inMemory: Services = {
    ...services,
    classifier: () => Promise.resolve(classifier),
    dataset: () =>
      Promise.resolve({
        id: 'bench',
        split: 'test',
        length: batch.keys.length,
        shape: batch.shape,
        numClasses: classifier.numClasses,
        fingerprint: '',
        read: () => Promise.resolve(batch),
      }),
  };
  const size = batch.keys.length;
  const job: Job = { kind: 'shard', spec, from: 0, to: size, batchSize: size, states: {} };
  const { signal } = new AbortController();
  return () => runJob(job, inMemory, signal);
}
