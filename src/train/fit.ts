import type { Dataset } from '../data/dataset.js';
import type { Engine } from '../engine/engine.js';
import { runnerOf } from '../engine/runner.js';
import { GauntletError } from '../errors.js';
import type { Network } from '../models/architectures/network.js';
import { elementCount, floatTensor } from '../tensor/tensor.js';
import { createAdversary } from './adversary.js';
import type { ValidationSplit } from './batches.js';
import { rateAt, runEpoch, type Totals, type Trainer } from './epoch.js';
import { evaluateNetwork, type Evaluator } from './evaluate.js';
import type { Recipe } from './recipe.js';
import { penaltyAt } from './schedules.js';
import type { EpochMetrics, TrainingState, Weights } from './state.js';
import { trainedTensors, trainingStep, withParametersAsInputs, type TrainingStep } from './step.js';

/** How far a running epoch has come. */
export interface EpochProgress {
  /** From 1. */
  readonly epoch: number;
  /** Of the whole training, in [0, 1]. */
  readonly fraction: number;
  /** Mean over the epoch so far. */
  readonly loss: number;
}

export interface FitOptions {
  /** Threads inside one operator; the result does not depend on it. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** Where to go on from; null to begin. */
  readonly from: TrainingState | null;
  /** Called after every epoch, and awaited. */
  readonly onEpoch: (state: TrainingState) => void | Promise<void>;
  /** Called after every step. */
  readonly onStep?: (progress: EpochProgress) => void;
}

/**
 * Trains a network until the recipe's last epoch, or until it says that waiting for better ones is over.
 * @param data the training split, which `split` divides
 * @throws GauntletError TRAINING_DIVERGED when the loss or a weight is no longer finite, CHECKPOINT_MISMATCH when `from` is of
 *   another version of Gauntlet; what `signal` was aborted with
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
  const trainer = await createTrainer(recipe, network, engine, compileOptions);
  const evaluationSession = await engine.compile(withParametersAsInputs(network), compileOptions);
  const evaluator = { session: evaluationSession, latentWidth: network.latentWidth, signal: options.signal };
  try {
    let state = options.from ?? initialState(network, trainer.step);
    requireTensors(trainer.step, state);
    while (!isFinished(recipe, state)) {
      const began = performance.now();
      const trained = await runEpoch(recipe, data, split.fit, trainer, state, {
        ...(options.signal && { signal: options.signal }),
        onStep: (totals) => options.onStep?.(progressOf(recipe, state, totals, split.fit.length)),
      });
      const measured = await closeEpoch(recipe, network, data, split, evaluator, state, trained);
      state = { ...measured, seconds: state.seconds + (performance.now() - began) / 1000 };
      await options.onEpoch(state);
      options.signal?.throwIfAborted();
    }
    return state;
  } finally {
    await trainer.session.release();
    await trainer.adversary?.release();
    await evaluationSession.release();
  }
}

async function createTrainer(
  recipe: Recipe,
  network: Network,
  engine: Engine,
  compileOptions: { threads?: number },
): Promise<Trainer> {
  const step = await trainingStep(
    network,
    {
      ...{ optimiser: recipe.optimiser, penalty: recipe.penalty?.kind ?? null },
      ...(recipe.loss && { loss: recipe.loss }),
      ownOutputRate: recipe.outputLayer !== undefined,
    },
    runnerOf(engine),
  );
  const session = await engine.compile(step.graph, compileOptions);
  const { adversarial, seed } = recipe;
  const adversary =
    adversarial === undefined
      ? null
      : await createAdversary(network, adversarial, seed, engine, compileOptions);
  return { step, session, dropout: network.dropout, adversary };
}

/** Whether the last epoch is done, or `earlyStop` epochs have brought nothing better. */
export function isFinished(recipe: Recipe, { history, best }: TrainingState): boolean {
  if (history.length >= recipe.epochs) return true;
  return recipe.earlyStop !== undefined && best !== null && history.length - best.epoch >= recipe.earlyStop;
}

function progressOf(
  { epochs }: Recipe,
  { history }: TrainingState,
  { loss, n }: Totals,
  length: number,
): EpochProgress {
  const done = history.length;
  return { epoch: done + 1, fraction: (done + n / length) / epochs, loss: loss / n };
}

function initialState(network: Network, step: TrainingStep): TrainingState {
  const weights = [...step.parameters, ...step.statistics].map(({ name, dims }) => {
    const data = network.graph.initializers.get(name)!.data as Float32Array;
    return [name, floatTensor(data, dims)] as const;
  });
  const slots = step.slots.map(
    ({ name, dims }) => [name, floatTensor(new Float32Array(elementCount(dims)), dims)] as const,
  );
  return { tensors: new Map([...weights, ...slots]), step: 0, history: [], best: null, seconds: 0 };
}

/** The same recipe may have had other tensors in another version. */
function requireTensors({ parameters, statistics, slots }: TrainingStep, { tensors }: TrainingState): void {
  const missing = [...parameters, ...statistics, ...slots].find(({ name }) => !tensors.has(name));
  if (missing !== undefined)
    throw new GauntletError('CHECKPOINT_MISMATCH', `The checkpoint does not hold "${missing.name}".`);
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
  const parameters: Weights = new Map(trainedTensors(network).map(({ name }) => [name, tensors.get(name)!]));
  const broken = [...parameters].find(([, tensor]) => !tensor.data.every(Number.isFinite));
  if (broken !== undefined)
    throw new GauntletError('TRAINING_DIVERGED', `"${broken[0]}" is not finite after epoch ${epoch}.`);
  const { count, latent } = await evaluateNetwork(evaluator, parameters, data, split.validation);
  const { penalty, outputLayer } = recipe;
  const metrics: EpochMetrics = {
    epoch,
    learningRate: rateAt(recipe, epoch),
    ...(outputLayer && { outputLearningRate: rateAt(recipe, epoch, outputLayer) }),
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
