import { attackShard } from './attack-shard.js';
import { CleanOutcomes } from './clean-outcomes.js';
import { corruptedPixels } from './corrupted-pixels.js';
import { corruptionOf } from './corrupted-images.js';
import { corruptionShard } from './corruption-shard.js';
import { fitStage } from './fit.js';
import { readExamples } from './inputs.js';
import type { Job, JobResult, ShardResult } from './job.js';
import type { Services } from './services.js';
import { requireGradients } from './support.js';

/**
 * Runs one job to its end. The same job gives the same result whatever ran before and whoever runs it.
 * @param known clean outcomes of earlier jobs with the same services
 */
export async function runJob(
  job: Job,
  services: Services,
  signal: AbortSignal,
  known = new CleanOutcomes(),
): Promise<JobResult> {
  switch (job.kind) {
    case 'fit':
      return { kind: 'fit', state: await fitStage(job.spec, job.stage, services, signal) };
    case 'corrupt':
      return corruptedPixels(job, services);
    case 'shard':
      return runShard(job, services, signal, known);
  }
}

async function runShard(
  job: Extract<Job, { kind: 'shard' }>,
  services: Services,
  signal: AbortSignal,
  known: CleanOutcomes,
): Promise<ShardResult> {
  const { spec } = job;
  const { plan } = spec;
  // Before the model is even loaded: what cannot be corrupted needs none.
  const corrupt = plan.kind === 'corruption' ? await corruptionOf(plan, spec, services) : undefined;
  if (plan.kind !== 'corruption') await requireGradients(plan.stages, spec.model, services);
  const classifier = await services.classifier(spec.model, signal);
  const indices = spec.data.indices.slice(job.from, job.to);
  const clean = await readExamples(services, spec.data, indices, classifier);
  const outcomes = await known.of(spec, clean, classifier);
  const result =
    plan.kind === 'corruption'
      ? await corruptionShard({ spec, corrupt: corrupt!, classifier, clean, outcomes, services })
      : await attackShard({ job, stages: plan.stages, classifier, clean, outcomes, services, signal });
  return {
    ...result,
    ...(classifier.remarks === undefined ? {} : { remarks: classifier.remarks }),
    ...(services.borrowed === undefined ? {} : { borrowed: [...services.borrowed] }),
  };
}
