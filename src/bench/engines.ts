import { basename } from 'node:path';
import type { Classifier } from '../classifier/classifier.js';
import { createClassifier, type EngineClassifier } from '../classifier/engine-classifier.js';
import { loadClassifier } from '../classifier/load-classifier.js';
import type { EngineChoice } from '../engine/choice.js';
import type { Engine } from '../engine/engine.js';
import { openEngine } from '../engine/open.js';
import { localServices } from '../evaluate/local-services.js';
import { resolveModel } from '../models/reference.js';
import type { EngineReport } from '../results/schema/bench.js';
import { labelledImages } from './images.js';
import { benchModel } from './models.js';
import { benchNetworkIds, type BenchNetworkId } from './networks/index.js';
import { PGD_STEPS, pgdTask } from './pgd.js';
import { contender, overall, takeTurns, type Contender, type Pace } from './turns.js';

/** How engines are compared. */
export interface EnginesOptions extends Pace {
  readonly threads: number;
  /** Images per call, 8 by default: the second engine is slow. */
  readonly batchSize?: number;
  /** Networks of the bench, and paths or zoo ids of other models. */
  readonly models: readonly string[];
}

const IMAGES = 8;
const OTHER: EngineChoice = { engine: 'tfjs', backend: 'wasm' };

/**
 * Times passes of the native engine and of TensorFlow.js on WebAssembly in turns, and puts them in relation.
 * @throws GauntletError MODEL_NOT_FOUND and others of loading a model
 */
export async function measureEngines(options: EnginesOptions): Promise<EngineReport[]> {
  const { models, threads, batchSize = IMAGES, onSlice, ...pace } = options;
  const [native, other] = [await openEngine({ engine: 'native' }), await openEngine(OTHER)];
  const reports: EngineReport[] = [];
  for (const model of models) {
    const on = (engine: Engine) => openOn(model, engine, native, threads);
    const classifiers = [await on(native), await on(other)] as const;
    const batch = await labelledImages(classifiers[0], batchSize);
    const services = await localServices({ threads });
    const passes = async (classifier: Classifier): Promise<Record<Pass, () => Promise<unknown>>> => ({
      forward: () => classifier.logits(batch),
      gradient: () => classifier.lossGradient(batch, { labels: batch.labels, loss: 'ce' }),
      pgd: await pgdTask(services, classifier, batch),
    });
    const [ours, theirs] = [await passes(classifiers[0]), await passes(classifiers[1])];
    const ratios = {} as Record<Pass, EngineReport['forward']>;
    for (const pass of PASSES) {
      const pair = [contender('native', ours[pass]), contender(other.id, theirs[pass])] as const;
      const watch = onSlice && { onSlice: (name: string) => onSlice(`${pass}, ${name}`) };
      ratios[pass] = await ratioOf(pair, { ...pace, ...watch });
    }
    reports.push({
      model: basename(model),
      batchSize,
      engine: { id: other.id, version: other.version },
      steps: PGD_STEPS,
      ...ratios,
    });
    await Promise.all([services, ...classifiers].map((one) => one.dispose()));
  }
  return reports;
}

type Pass = (typeof PASSES)[number];

const PASSES = ['forward', 'gradient', 'pgd'] as const;

async function ratioOf(pair: readonly [Contender, Contender], pace: Pace): Promise<EngineReport['forward']> {
  const slices = await takeTurns(pair, pace);
  const [native, other] = [overall(slices, pair[0]), overall(slices, pair[1])];
  return { native, other, ratio: other.fastest / native.fastest };
}

const isBenchNetwork = (id: string): id is BenchNetworkId =>
  (benchNetworkIds as readonly string[]).includes(id);

async function openOn(
  model: string,
  engine: Engine,
  structure: Engine,
  threads: number,
): Promise<EngineClassifier> {
  if (!isBenchNetwork(model)) return loadClassifier(await resolveModel(model), engine, { threads });
  return createClassifier(await benchModel(model, structure), engine, { threads, structure });
}
