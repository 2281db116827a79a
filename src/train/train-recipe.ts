import { rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Dataset } from '../data/dataset.js';
import { openDataset } from '../data/registry.js';
import type { Engine } from '../engine/engine.js';
import { createOnnxRuntimeEngine, type Provider } from '../engine/onnxruntime/engine.js';
import { GauntletError } from '../errors.js';
import { fingerprintOf } from '../fingerprint.js';
import type { Graph } from '../graph/ir.js';
import { writeOnnx } from '../graph/onnx/write.js';
import { buildNetwork, type Network } from '../models/architectures/network.js';
import {
  builtInArchitectures,
  ownArchitecturesOf,
  type Architectures,
} from '../models/architectures/registry.js';
import { keyedStream } from '../random/keyed.js';
import { packageVersion } from '../resources.js';
import { writeFileAtomic } from '../results/atomic-file.js';
import { splitValidation, type ValidationSplit } from './batches.js';
import { cardOf } from './card.js';
import { evaluateNetwork } from './evaluate.js';
import { fit, type EpochProgress } from './fit.js';
import { channelStatistics } from './normalisation.js';
import { readRecipe, type Recipe } from './recipe.js';
import { loadState, saveState, type EpochMetrics, type Weights } from './state.js';

export interface TrainOptions {
  /** What the recipe may name; those built in by default. */
  readonly architectures?: Architectures;
  /** Folder with data sets, looked at before the other places. */
  readonly dataDir?: string;
  /** Folder for `model.onnx` and `card.json`; the recipe's own by default. */
  readonly out?: string;
  /** Folder for checkpoint and `metrics.jsonl`; `.gauntlet/train/<id>-<fingerprint>` by default. */
  readonly work?: string;
  /** Whether to go on from the checkpoint of an interrupted training of the same recipe and data; true by default. */
  readonly resume?: boolean;
  /** Threads inside one operator; the result does not depend on it. */
  readonly threads?: number;
  /** Where the engine runs; the CPU by default. */
  readonly provider?: Provider;
  readonly signal?: AbortSignal;
  /** Called after every step. */
  readonly onStep?: (progress: EpochProgress) => void;
  /** Called with the epoch's metrics as soon as its checkpoint is on the disk. */
  readonly onEpoch?: (
    metrics: EpochMetrics,
    progress: { readonly epochs: number; readonly seconds: number },
  ) => void;
}

export interface Trained {
  readonly modelPath: string;
  readonly cardPath: string;
}

/**
 * Trains the network of a recipe and writes the model and its card. An interrupted training goes on from its last epoch when
 * it is started again, and gives the same model as one that was never interrupted.
 * @throws GauntletError RECIPE_INVALID, UNKNOWN_DATASET, DATA_NOT_FOUND, PROVIDER_UNAVAILABLE, CHECKPOINT_MISMATCH, TRAINING_DIVERGED,
 *   PLUGIN_INVALID, PLUGIN_FAILED for a user's architecture, OUTPUT_UNWRITABLE, DISK_FULL, and the last good checkpoint is kept; what `signal` was aborted with
 */
export async function trainRecipe(recipePath: string, options: TrainOptions = {}): Promise<Trained> {
  const { provider, architectures = builtInArchitectures } = options;
  const recipe = await readRecipe(recipePath, architectures);
  const engine = await createOnnxRuntimeEngine(provider === undefined ? {} : { provider });
  const data = await openSplits(recipe, options.dataDir);
  const split = splitOf(recipe, data.train);
  const own = ownArchitecturesOf(recipe.network, architectures);
  const fingerprint = fingerprintOf({
    ...{ recipe, data: data.train.fingerprint },
    ...(own.length > 0 && { architectures: own }),
  });
  const work = options.work ?? resolve('.gauntlet', 'train', `${recipe.id}-${fingerprint.slice(0, 8)}`);
  const checkpoint = join(work, 'checkpoint.npz');

  const network = await untrainedNetwork(recipe, architectures, data.train, split);
  const state = await fit(recipe, network, data.train, split, engine, {
    ...shared(options),
    ...(options.onStep && { onStep: options.onStep }),
    from: options.resume === false ? null : await loadState(checkpoint, fingerprint),
    onEpoch: async (reached) => {
      await saveState(checkpoint, reached, fingerprint);
      await writeFileAtomic(join(work, 'metrics.jsonl'), jsonLines(reached.history));
      const { epochs } = recipe;
      options.onEpoch?.(reached.history.at(-1)!, { epochs, seconds: reached.seconds });
    },
  });

  const out = options.out ?? dirname(resolve(recipePath));
  const trained = { modelPath: join(out, 'model.onnx'), cardPath: join(out, 'card.json') };
  const model = withWeights(network, state.best!.parameters);
  const results = await measure(model, network.latentWidth, data, split, engine, options);
  const card = cardOf({
    recipe,
    architectures,
    fingerprint,
    data,
    split,
    engine,
    toolVersion: packageVersion,
    state,
    results,
  });
  await writeFileAtomic(trained.modelPath, writeOnnx(model));
  await writeFileAtomic(trained.cardPath, `${JSON.stringify(card, null, 2)}\n`);
  // Running the recipe again is meant to train again.
  await rm(checkpoint, { force: true });
  return trained;
}

const shared = ({ threads, signal }: TrainOptions) => ({
  ...(threads !== undefined && { threads }),
  ...(signal && { signal }),
});

interface Splits {
  readonly train: Dataset;
  readonly test: Dataset;
}

async function openSplits({ data }: Recipe, dataDir: string | undefined): Promise<Splits> {
  const reference = { source: data.source, ...(dataDir !== undefined && { dataDir }) };
  return {
    train: await openDataset({ ...reference, split: 'train' }),
    test: await openDataset({ ...reference, split: 'test' }),
  };
}

function splitOf({ data, seed }: Recipe, train: Dataset): ValidationSplit {
  const shape = train.shape.join(', ');
  if (train.shape.length !== 3 || (data.shape !== undefined && data.shape.join(', ') !== shape)) {
    const wanted = data.shape === undefined ? 'channels, height, width' : data.shape.join(', ');
    throw new GauntletError(
      'RECIPE_INVALID',
      `data: images of [${wanted}] are wanted, those of "${train.id}" are [${shape}].`,
    );
  }
  const length = data.limit ?? train.length;
  if (length > train.length || data.validation >= length) {
    throw new GauntletError(
      'RECIPE_INVALID',
      `data: ${data.validation} of ${length} training examples cannot be set aside, "${train.id}" has ${train.length}.`,
    );
  }
  return splitValidation(length, data.validation, seed);
}

async function untrainedNetwork(
  recipe: Recipe,
  architectures: Architectures,
  train: Dataset,
  split: ValidationSplit,
): Promise<Network> {
  const [channels, height, width] = train.shape;
  const { mean, std } = await channelStatistics(train, split.fit);
  const { network, loss } = recipe;
  return buildNetwork(
    {
      ...network,
      ...(loss && { cosine: { scale: loss.scale } }),
      input: { shape: [channels!, height!, width!], mean, std },
      numClasses: train.numClasses,
    },
    (parameter) => keyedStream(recipe.seed, 0, `train/initial/${parameter}`),
    architectures,
  );
}

function withWeights(network: Network, parameters: Weights): Graph {
  return { ...network.graph, initializers: new Map([...network.graph.initializers, ...parameters]) };
}

/** The model as it is written, on everything: accuracy and latent geometry. */
async function measure(
  model: Graph,
  latentWidth: number,
  data: Splits,
  split: ValidationSplit,
  engine: Engine,
  { threads, signal }: TrainOptions,
) {
  const session = await engine.compile(model, threads === undefined ? {} : { threads });
  try {
    const evaluator = { session, latentWidth, signal };
    const evaluate = (part: Dataset, indices: Uint32Array) =>
      evaluateNetwork(evaluator, new Map(), part, indices);
    const all = Uint32Array.from({ length: data.test.length }, (_, i) => i);
    const train = await evaluate(data.train, split.fit);
    const validation = await evaluate(data.train, split.validation);
    const test = await evaluate(data.test, all);
    return {
      accuracy: { train: train.count, validation: validation.count, test: test.count },
      latent: { train: train.latent, validation: validation.latent, test: test.latent },
    };
  } finally {
    await session.release();
  }
}

const jsonLines = (rows: readonly unknown[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');
