import { argmax } from '../classifier/classifier.js';
import type { Dataset } from '../data/dataset.js';
import type { Engine, Session } from '../engine/engine.js';
import { runnerOf } from '../engine/runner.js';
import { GauntletError } from '../errors.js';
import type { Network } from '../models/architectures/registry.js';
import { sliceRow, type LabelledBatch } from '../tensor/batch.js';
import { elementCount, floatTensor, type Tensor } from '../tensor/tensor.js';
import { miniBatches, type ValidationSplit } from './batches.js';
import { evaluateNetwork, type Evaluator } from './evaluate.js';
import { LEARNING_RATE, optimiserOf } from './optimisers.js';
import type { Recipe } from './recipe.js';
import { learningRateAt, penaltyAt } from './schedules.js';
import type { EpochMetrics, TrainingState, Weights } from './state.js';
import {
  STEP_INPUTS,
  STEP_OUTPUTS,
  trainingStep,
  withParametersAsInputs,
  type TrainingStep,
} from './step.js';

export interface FitOptions {
  /** Threads inside one operator; the result does not depend on it. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** Where to go on from; null to begin. */
  readonly from: TrainingState | null;
  /** Called after every epoch, and awaited. */
  readonly onEpoch: (state: TrainingState) => void | Promise<void>;
}

/** What an epoch adds up. */
interface Totals {
  readonly loss: number;
  readonly crossEntropy: number;
  readonly correct: number;
  readonly n: number;
}

/**
 * Trains a network until the recipe's last epoch.
 * @param data the training split, which `split` divides
 * @throws GauntletError TRAINING_DIVERGED when the loss or a weight is no longer finite; what `signal` was aborted with
 */
export async function fit(
  recipe: Recipe,
  network: Network,
  data: Dataset,
  split: ValidationSplit,
  engine: Engine,
  options: FitOptions,
): Promise<TrainingState> {
  const compileOptions = options.threads === undefined ? {} : { threads: options.threads };
  const step = await trainingStep(
    network,
    { optimiser: recipe.optimiser, penalty: recipe.penalty?.kind ?? null },
    runnerOf(engine),
  );
  const stepSession = await engine.compile(step.graph, compileOptions);
  const evaluationSession = await engine.compile(withParametersAsInputs(network), compileOptions);
  const evaluator = { session: evaluationSession, latentWidth: network.latentWidth, signal: options.signal };
  try {
    let state = options.from ?? initialState(network, step);
    while (state.history.length < recipe.epochs) {
      const began = performance.now();
      const trained = await runEpoch(recipe, data, split.fit, step, stepSession, state, options.signal);
      const measured = await closeEpoch(recipe, network, data, split, evaluator, state, trained);
      state = { ...measured, seconds: state.seconds + (performance.now() - began) / 1000 };
      await options.onEpoch(state);
      options.signal?.throwIfAborted();
    }
    return state;
  } finally {
    await stepSession.release();
    await evaluationSession.release();
  }
}

function initialState(network: Network, step: TrainingStep): TrainingState {
  const parameters = step.parameters.map(({ name, dims }) => {
    const data = network.graph.initializers.get(name)!.data as Float32Array;
    return [name, floatTensor(data, dims)] as const;
  });
  const slots = step.slots.map(
    ({ name, dims }) => [name, floatTensor(new Float32Array(elementCount(dims)), dims)] as const,
  );
  return { tensors: new Map([...parameters, ...slots]), step: 0, history: [], best: null, seconds: 0 };
}

/** All steps of one epoch; returns the new tensors and the epoch's sums. */
async function runEpoch(
  recipe: Recipe,
  data: Dataset,
  indices: Uint32Array,
  step: TrainingStep,
  session: Session,
  state: TrainingState,
  signal: AbortSignal | undefined,
): Promise<{ tensors: Weights; step: number; totals: Totals }> {
  const epoch = state.history.length;
  const carried = [...step.parameters, ...step.slots];
  let tensors = state.tensors;
  let done = state.step;
  let totals: Totals = { loss: 0, crossEntropy: 0, correct: 0, n: 0 };
  for (const keys of miniBatches(indices, recipe.batchSize, recipe.seed, epoch)) {
    signal?.throwIfAborted();
    const batch = await data.read(keys);
    const scalars = scalarsAt(recipe, epoch + totals.n / indices.length, done + 1);
    const outputs = await session.run({
      ...batchFeeds(batch, data),
      ...scalars,
      ...Object.fromEntries(tensors),
    });
    done += 1;
    totals = withBatch(totals, batch.labels, outputs, data.numClasses);
    if (!Number.isFinite(totals.loss))
      throw new GauntletError(
        'TRAINING_DIVERGED',
        `The loss is not finite at step ${done}, in epoch ${epoch + 1}.`,
      );
    tensors = new Map(
      carried.map(({ name, dims, next }) => [name, floatTensor(outputs[next]!.data as Float32Array, dims)]),
    );
  }
  return { tensors, step: done, totals };
}

function batchFeeds(batch: LabelledBatch, { shape, numClasses }: Dataset) {
  const n = batch.keys.length;
  const oneHot = new Float32Array(n * numClasses);
  batch.labels.forEach((label, i) => (oneHot[i * numClasses + label] = 1));
  return {
    [STEP_INPUTS.images]: floatTensor(batch.data, [n, ...shape]),
    [STEP_INPUTS.labels]: floatTensor(oneHot, [n, numClasses]),
  };
}

/** The scalar inputs of a step. `epoch` counts epochs done with their fraction, `step` from 1. */
function scalarsAt(recipe: Recipe, epoch: number, step: number): Record<string, Tensor> {
  const { optimiser, penalty, schedule, epochs } = recipe;
  const values = {
    [LEARNING_RATE]: learningRateAt(schedule, optimiser.learningRate, epoch, epochs),
    ...optimiserOf(optimiser).scalars(optimiser, step),
    ...(penalty && { [STEP_INPUTS.penaltyStrength]: penaltyAt(penalty, Math.floor(epoch)) }),
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, floatTensor(Float32Array.of(value), [])]),
  );
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

/** Validates the epoch's weights and chooses the best so far. */
async function closeEpoch(
  recipe: Recipe,
  network: Network,
  data: Dataset,
  split: ValidationSplit,
  evaluator: Evaluator,
  state: TrainingState,
  trained: { tensors: Weights; step: number; totals: Totals },
): Promise<Omit<TrainingState, 'seconds'>> {
  const epoch = state.history.length + 1;
  const { tensors, step, totals } = trained;
  const parameters: Weights = new Map(network.parameters.map(({ name }) => [name, tensors.get(name)!]));
  const broken = [...parameters].find(([, tensor]) => !tensor.data.every(Number.isFinite));
  if (broken !== undefined)
    throw new GauntletError('TRAINING_DIVERGED', `"${broken[0]}" is not finite after epoch ${epoch}.`);
  const { count, latent } = await evaluateNetwork(evaluator, parameters, data, split.validation);
  const { optimiser, penalty, schedule, epochs } = recipe;
  const metrics: EpochMetrics = {
    epoch,
    learningRate: learningRateAt(schedule, optimiser.learningRate, epoch, epochs),
    penaltyStrength: penalty && penaltyAt(penalty, epoch - 1),
    loss: totals.loss / totals.n,
    crossEntropy: totals.crossEntropy / totals.n,
    train: { correct: totals.correct, n: totals.n },
    validation: count,
    latent,
  };
  const history = [...state.history, metrics];
  const record = state.best === null ? -1 : history[state.best.epoch - 1]!.validation.correct;
  const better = epoch >= recipe.selectFrom && count.correct > record;
  return { tensors, step, history, best: better ? { epoch, parameters } : state.best };
}
