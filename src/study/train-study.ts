import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '../fingerprint.js';
import { readCard } from '../models/card.js';
import { resolveModel } from '../models/reference.js';
import type { StudyTraining } from '../results/schema/study-training.js';
import { matchesGlob } from '../text/glob.js';
import { trainZoo, type TrainZooOptions, type ZooTraining } from '../train/zoo.js';
import { trainingsOf, type StudyPlan, type Training } from './plan.js';
import { studyRecipe, writeStudyRecipe, type StudyRecipe } from './recipe.js';
import { readRecords, writeRecord, type StudyRecords } from './records.js';
import { chooseLearningRates, learningRateOf } from './selection.js';
import type { StepResult, StudyOptions } from './step.js';
import { trainingRecord } from './training-record.js';

/** Which trainings: those that choose the learning rates, or those that are measured. */
export type TrainingStage = 'search' | 'train';

/**
 * Does the trainings of a stage one after another, or goes on with them, and writes a record of each as soon as it is done. Left
 * alone is what has a record of the same recipe; weights are made again only where something is still to be measured on them.
 * @throws GauntletError RECIPE_INVALID, RESULT_INVALID, OUTPUT_UNWRITABLE; what `signal` was aborted with
 */
export async function trainStudy(
  plan: StudyPlan,
  stage: TrainingStage,
  options: StudyOptions & Pick<TrainZooOptions, 'onModel' | 'onEpoch' | 'threads'>,
): Promise<StepResult[]> {
  const { work, only = '*', deadline, signal } = options;
  const records = await readRecords(options.records);
  const choices = chooseLearningRates(plan, records.trainings);
  const results: StepResult[] = [];
  for (const training of trainingsOf(plan)) {
    const { id } = training;
    if ((training.part === 'search') !== (stage === 'search') || !matchesGlob(only, id)) continue;
    const learningRate = training.learningRate ?? learningRateOf(choices, training);
    if (learningRate === null) {
      results.push({ id, status: 'blocked', reason: 'its learning rate has not been chosen yet' });
      continue;
    }
    const recipe = await studyRecipe(plan, training, learningRate);
    if (isDone(training, recipe, records, work)) results.push({ id, status: 'already' });
    else if (deadline !== undefined && deadline() <= 0) results.push({ id, status: 'waiting' });
    else results.push(await trainOne(training, recipe, options));
    signal?.throwIfAborted();
  }
  return results;
}

/** Model of a training, whether it is there or not. */
export const modelPath = (work: string, id: string): string => join(work, id, 'model.onnx');

function isDone(training: Training, { recipe }: StudyRecipe, records: StudyRecords, work: string): boolean {
  const { id } = training;
  const record = records.trainings.find((one) => one.id === id);
  if (record === undefined || canonicalJson(record.recipe) !== canonicalJson(recipe)) return false;
  const isMeasured = records.runs.some(
    (run) => run.id === id && run.training === record.fingerprint && run.model === record.model,
  );
  return training.part === 'search' || isMeasured || existsSync(modelPath(work, id));
}

async function trainOne(
  training: Training,
  recipe: StudyRecipe,
  options: StudyOptions & Pick<TrainZooOptions, 'onModel' | 'onEpoch' | 'threads'>,
): Promise<StepResult> {
  const { work, records, deadline, dataDir, threads, signal, onModel, onEpoch } = options;
  const { id } = training;
  await writeStudyRecipe(join(work, id), recipe);
  // One at a time, so that its record is written before the next one begins.
  const [result] = (await trainZoo({
    ...{ zoo: work, only: id, work: join(work, 'checkpoints') },
    ...(deadline !== undefined && { minutes: deadline() }),
    ...(dataDir !== undefined && { dataDir }),
    ...(threads !== undefined && { threads }),
    ...(signal && { signal }),
    ...(onModel && { onModel }),
    ...(onEpoch && { onEpoch }),
  })) as [ZooTraining];
  const { status } = result;
  if (status !== 'trained' && status !== 'already') return { ...result, status };
  await writeRecord(records, await recordOf(training, work));
  return { id, status: 'done' };
}

async function recordOf(training: Training, work: string): Promise<StudyTraining> {
  const path = modelPath(work, training.id);
  const { sha256 } = await resolveModel(path);
  return trainingRecord(training, await readCard(join(work, training.id, 'card.json')), sha256);
}
