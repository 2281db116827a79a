import type { Classifier } from '../classifier/classifier.js';
import { countPasses } from '../classifier/counting.js';
import type { Dataset } from '../data/dataset.js';
import type { AttackStage, CellSpec } from '../evaluate/cell.js';
import { fitStage } from '../evaluate/fit.js';
import type { Job, ShardResult } from '../evaluate/job.js';
import type { Services } from '../evaluate/services.js';
import { runJob } from '../evaluate/shard.js';
import { takeExamples, type LabelledBatch } from '../tensor/batch.js';
import { elementCount } from '../tensor/tensor.js';

/** What a job came to: the shard, and the passes that learning took before it, over all images it learned on. */
export interface AttackRun {
  readonly shard: ShardResult;
  readonly fitted: { readonly forward: number; readonly gradient: number };
}

/**
 * One shard of an attack's cell as a worker runs it: fitting, clean pass, attack, judge and witnesses included.
 * @param images which the model gets right, so that all are attacked; those of `stage.fitIndices` are not
 */
export function attackJob(
  services: Omit<Services, 'classifier' | 'dataset'>,
  classifier: Classifier,
  images: LabelledBatch,
  stage: AttackStage,
): (signal: AbortSignal) => Promise<AttackRun> {
  const { fitIndices = [] } = stage;
  const { keys, shape } = images;
  const indices = keys.filter((key) => !fitIndices.includes(key));
  const spec: CellSpec = {
    entry: 'bench',
    title: 'bench',
    model: { id: 'bench', path: '', sha256: '' },
    data: { source: 'bench', split: 'test', fingerprint: '', indices },
    plan: { kind: 'attack', stages: [stage] },
    seed: 0,
    fingerprint: '',
  };
  // Flat, as the images are in the model's layout already: three axes would be taken for channels first.
  const flat = { ...images, shape: [elementCount(shape)] };
  const dataset: Dataset = {
    ...{ id: 'bench', split: 'test', fingerprint: '' },
    ...{ length: keys.length, shape: flat.shape, numClasses: classifier.numClasses },
    read: (wanted: readonly number[]) => Promise.resolve(takeExamples(flat, wanted)),
  };
  const withClassifier = (given: Classifier): Services => ({
    ...services,
    classifier: () => Promise.resolve(given),
    dataset: () => Promise.resolve(dataset),
  });
  const shardOf = (states: Extract<Job, { kind: 'shard' }>['states']): Job => {
    const size = indices.length;
    return { kind: 'shard', spec, from: 0, to: size, batchSize: size, states };
  };
  return async (signal) => {
    const counting = countPasses(classifier);
    const fits = fitIndices.length > 0;
    const states = fits ? { 0: await fitStage(spec, 0, withClassifier(counting), signal) } : {};
    const shard = (await runJob(shardOf(states), withClassifier(classifier), signal)) as ShardResult;
    const spent = fitIndices.map((key) => counting.passes(key));
    return {
      shard,
      fitted: {
        forward: spent.reduce((sum, { forward }) => sum + forward, 0),
        gradient: spent.reduce((sum, { gradient }) => sum + gradient, 0),
      },
    };
  };
}
