import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { measureLatent } from '../api/measure-latent.js';
import { runSuite, type RunSuiteOptions } from '../api/run-suite.js';
import { resolveModel } from '../models/reference.js';
import type { StudyRun } from '../results/schema/study-run.js';
import type { StudyTraining } from '../results/schema/study-training.js';
import { findSuite } from '../suite/find.js';
import { suiteFingerprint } from '../suite/fingerprint.js';
import { matchesGlob } from '../text/glob.js';
import { trainingsOf, type StudyPlan, type Training } from './plan.js';
import { readRecords, writeRecord } from './records.js';
import { cellRecord, latentRecord } from './run-record.js';
import type { StepResult, StudyOptions } from './step.js';
import { modelPath } from './train-study.js';

export interface MeasureOptions extends StudyOptions, Pick<RunSuiteOptions, 'executor' | 'jobs'> {
  readonly onModel?: (id: string) => void;
  /** Called with the part that is running and its share. */
  readonly onProgress?: (share: number, part: string) => void;
}

/**
 * Measures every trained model of a study that has no record yet, or one of other weights or of another version of the suite. A
 * measurement that was interrupted takes over the finished cells of its audit.
 * @throws GauntletError those of measureLatent and runSuite; what `signal` was aborted with
 */
export async function measureStudy(plan: StudyPlan, options: MeasureOptions): Promise<StepResult[]> {
  const { only = '*', deadline, signal } = options;
  const { trainings, runs } = await readRecords(options.records);
  const results: StepResult[] = [];
  for (const training of trainingsOf(plan)) {
    const { id } = training;
    if (training.part === 'search' || !matchesGlob(only, id)) continue;
    const record = trainings.find((one) => one.id === id);
    const setting = plan.settings.find((one) => one.id === training.setting)!;
    const suite = await findSuite(setting.suite);
    const measured = runs.find((run) => run.id === id);
    if (record === undefined) results.push({ id, status: 'blocked', reason: 'it has not been trained yet' });
    else if (isCurrent(measured, record, suiteFingerprint(suite))) results.push({ id, status: 'already' });
    else if (!existsSync(modelPath(options.work, id)))
      results.push({ id, status: 'blocked', reason: 'its weights are not here; `train` makes them again' });
    else if (deadline !== undefined && deadline() <= 0) results.push({ id, status: 'waiting' });
    else {
      options.onModel?.(id);
      results.push(await measureOne(plan, training, record, options));
    }
    signal?.throwIfAborted();
  }
  return results;
}

function isCurrent(run: StudyRun | undefined, record: StudyTraining, suite: string): boolean {
  return (
    run?.training === record.fingerprint && run.model === record.model && run.audit.fingerprint === suite
  );
}

async function measureOne(
  plan: StudyPlan,
  { id, part, setting: place, head, seed }: Training,
  record: StudyTraining,
  options: MeasureOptions,
): Promise<StepResult> {
  const { work, dataDir, signal, executor, jobs, onProgress } = options;
  const began = performance.now();
  const { suite: name, transfer } = plan.settings.find((one) => one.id === place)!;
  const model = modelPath(work, id);
  if ((await resolveModel(model)).sha256 !== record.model)
    return { id, status: 'failed', reason: 'the weights here are not those of its training record' };
  const { source } = record.recipe['data'] as { readonly source: string };
  const shared = { ...(dataDir !== undefined && { dataDir }), ...(signal && { signal }) };
  // The training set of a path has to be named.
  const latent = await measureLatent(
    { model, data: source, trainData: source, transfer, ...plan.measures },
    { ...shared, ...(onProgress && { onProgress }) },
  );
  const suite = await findSuite(name);
  const { cells } = await runSuite(
    { suite: name, models: [model], out: join(work, id, 'audit') },
    {
      ...shared,
      ...(executor && { executor }),
      ...(jobs !== undefined && { jobs }),
      onEvent: (event) => {
        if (event.kind === 'cell-finished') onProgress?.(1, event.spec.title);
      },
    },
  );
  await writeRecord(options.records, {
    ...{ schemaVersion: 1, kind: 'study-run', id, part, setting: place, head, seed },
    ...{ training: record.fingerprint, model: record.model },
    latent: latentRecord(latent),
    audit: {
      ...{ suite: suite.id, version: suite.version, fingerprint: suiteFingerprint(suite) },
      cells: cells.map(cellRecord),
    },
    tool: { version: latent.tool.version, engine: latent.engine.id, engineVersion: latent.engine.version },
    seconds: Math.round((performance.now() - began) / 1000),
  });
  return { id, status: 'done' };
}
