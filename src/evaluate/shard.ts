import type { Classifier } from '../classifier/classifier.js';
import type { LabelledBatch } from '../tensor/batch.js';
import { attackShard } from './attack-shard.js';
import type { Outcome } from './cell.js';
import { corruptionShard } from './corruption-shard.js';
import { decidingLogits, decisionOf, inMajority, isUndecided } from './decisions.js';
import { fitStage } from './fit.js';
import { readExamples } from './inputs.js';
import type { Job, JobResult } from './job.js';
import type { Services } from './services.js';

/** Runs one job to its end. The same job gives the same result whatever ran before and whoever runs it. */
export async function runJob(job: Job, services: Services, signal: AbortSignal): Promise<JobResult> {
  if (job.kind === 'fit')
    return { kind: 'fit', state: await fitStage(job.spec, job.stage, services, signal) };
  const { spec } = job;
  const classifier = await services.classifier(spec.model);
  const indices = spec.data.indices.slice(job.from, job.to);
  const clean = await readExamples(services, spec.data, indices, classifier);
  const outcomes = await cleanOutcomes(classifier, clean, spec.seed);
  return spec.plan.kind === 'corruption'
    ? corruptionShard({ spec, plan: spec.plan, classifier, clean, outcomes, services })
    : attackShard({ job, stages: spec.plan.stages, classifier, clean, outcomes, services, signal });
}

/**
 * `r` where the model is right on the clean example, `w` where wrong, `i` where its logits are not finite; of a model that draws
 * random numbers by the judge's majority.
 */
async function cleanOutcomes(classifier: Classifier, clean: LabelledBatch, seed: number): Promise<Outcome[]> {
  const logits = await decidingLogits(classifier, clean, { seed, purpose: 'judge' });
  return clean.keys.map((_key, row) => {
    const decision = decisionOf(logits, row, classifier.numClasses);
    if (isUndecided(decision)) return 'i';
    return inMajority(decision, (predicted) => predicted !== clean.labels[row]) ? 'w' : 'r';
  });
}
