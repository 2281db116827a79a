import { argmax } from '../classifier/classifier.js';
import type { Dataset } from '../data/dataset.js';
import type { Session } from '../engine/engine.js';
import { GauntletError } from '../errors.js';
import { sliceRow, type LabelledBatch } from '../tensor/batch.js';
import { floatTensor, type FloatTensor, type Tensor } from '../tensor/tensor.js';
import type { Adversary } from './adversary.js';
import { augmented } from './augment.js';
import { miniBatches } from './batches.js';
import { dropoutMask } from './dropout.js';
import { LEARNING_RATE, optimiserOf } from './optimisers.js';
import type { Recipe } from './recipe.js';
import { learningRateAt, penaltyAt } from './schedules.js';
import type { TrainingState, Weights } from './state.js';
import { STEP_INPUTS, STEP_OUTPUTS, type TrainingStep } from './step.js';

/** What an epoch adds up. */
export interface Totals {
  readonly loss: number;
  readonly crossEntropy: number;
  readonly correct: number;
  readonly n: number;
}

/** A compiled training step and what makes its inputs. */
export interface Trainer {
  readonly step: TrainingStep;
  readonly session: Session;
  /** Probability with which a logit is dropped. */
  readonly dropout: number;
  /** Null where training is on the images themselves. */
  readonly adversary: Adversary | null;
}

/** All steps of one epoch; returns the new tensors and the epoch's sums. */
export async function runEpoch(
  recipe: Recipe,
  data: Dataset,
  indices: Uint32Array,
  { step, session, dropout, adversary }: Trainer,
  state: TrainingState,
  options: { readonly signal?: AbortSignal; readonly onStep?: (totals: Totals) => void },
): Promise<{ tensors: Weights; step: number; totals: Totals }> {
  const epoch = state.history.length;
  const carried = [...step.parameters, ...step.statistics, ...step.slots];
  const weightNames = [...step.parameters, ...step.statistics].map(({ name }) => name);
  let tensors = state.tensors;
  let done = state.step;
  let totals: Totals = { loss: 0, crossEntropy: 0, correct: 0, n: 0 };
  for (const keys of miniBatches(indices, recipe.batchSize, recipe.seed, epoch)) {
    options.signal?.throwIfAborted();
    const batch = await data.read(keys);
    const at = epoch + totals.n / indices.length;
    const feeds = batchFeeds(recipe, batch, data, epoch);
    if (adversary !== null) {
      feeds[STEP_INPUTS.images] = await adversary.attack({
        ...{ images: feeds[STEP_INPUTS.images]!, labels: feeds[STEP_INPUTS.labels]!, keys, epoch: at },
        weights: Object.fromEntries(weightNames.map((name) => [name, tensors.get(name)!])),
      });
    }
    if (dropout > 0) {
      const mask = dropoutMask(keys, data.numClasses, dropout, recipe.seed, epoch);
      feeds[STEP_INPUTS.dropoutMask] = floatTensor(mask, [keys.length, data.numClasses]);
    }
    const outputs = await session.run({
      ...feeds,
      ...scalarsAt(recipe, at, done + 1),
      ...Object.fromEntries(tensors),
    });
    done += 1;
    totals = withBatch(totals, batch.labels, outputs, data.numClasses);
    if (!Number.isFinite(totals.loss)) {
      const [number, all] = [done - state.step, Math.ceil(indices.length / recipe.batchSize)];
      throw new GauntletError(
        'TRAINING_DIVERGED',
        `The loss is not finite at batch ${number} of ${all} in epoch ${epoch + 1}.`,
      );
    }
    tensors = new Map(carried.map(({ name, next }) => [name, outputs[next] as FloatTensor]));
    options.onStep?.(totals);
  }
  return { tensors, step: done, totals };
}

function batchFeeds(
  { augment, seed }: Recipe,
  batch: LabelledBatch,
  { shape, numClasses }: Dataset,
  epoch: number,
): Record<string, Tensor> {
  const n = batch.keys.length;
  const oneHot = new Float32Array(n * numClasses);
  batch.labels.forEach((label, i) => (oneHot[i * numClasses + label] = 1));
  const images =
    augment === undefined ? batch.data : augmented(batch.data, batch.keys, shape, augment, seed, epoch);
  return {
    [STEP_INPUTS.images]: floatTensor(images, [n, ...shape]),
    [STEP_INPUTS.labels]: floatTensor(oneHot, [n, numClasses]),
  };
}

/** The scalar inputs of a step. `epoch` counts epochs done with their fraction, `step` from 1. */
function scalarsAt(recipe: Recipe, epoch: number, step: number): Record<string, Tensor> {
  const { optimiser, penalty, outputLayer } = recipe;
  const values = {
    [LEARNING_RATE]: rateAt(recipe, epoch),
    ...optimiserOf(optimiser).scalars(optimiser, step),
    ...(penalty && { [STEP_INPUTS.penaltyStrength]: penaltyAt(penalty, Math.floor(epoch)) }),
    ...(outputLayer && { [STEP_INPUTS.outputLearningRate]: rateAt(recipe, epoch, outputLayer) }),
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, floatTensor(Float32Array.of(value), [])]),
  );
}

/**
 * The learning rate after so many epochs, of all layers or of one with a rate of its own.
 * @param epoch with the fraction of the running one
 */
export function rateAt(recipe: Recipe, epoch: number, own?: Recipe['outputLayer']): number {
  const { schedule, learningRate } = own ?? { ...recipe, learningRate: recipe.optimiser.learningRate };
  return learningRateAt(schedule, learningRate, epoch, recipe.epochs);
}

function withBatch(
  totals: Totals,
  labels: Int32Array,
  outputs: Readonly<Record<string, Tensor>>,
  numClasses: number,
): Totals {
  const mean = (name: string): number => Number(outputs[name]!.data[0]);
  const logits = outputs[STEP_OUTPUTS.logits]!.data as Float32Array;
  const right = labels.reduce(
    (sum, label, i) => sum + Number(argmax(sliceRow(logits, i, numClasses)) === label),
    0,
  );
  return {
    loss: totals.loss + labels.length * mean(STEP_OUTPUTS.loss),
    crossEntropy: totals.crossEntropy + labels.length * mean(STEP_OUTPUTS.crossEntropy),
    correct: totals.correct + right,
    n: totals.n + labels.length,
  };
}
