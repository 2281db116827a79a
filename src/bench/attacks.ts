import { createClassifier, type EngineClassifier } from '../classifier/engine-classifier.js';
import { createOnnxRuntimeEngine } from '../engine/onnxruntime/engine.js';
import type { AttackStage } from '../evaluate/cell.js';
import { localServices } from '../evaluate/local-services.js';
import type { Services } from '../evaluate/services.js';
import { costOf } from '../plugin/cost.js';
import { resolveParameters } from '../plugin/parameters.js';
import { listAttacks } from '../plugin/registry.js';
import type { AttackReport } from '../results/schema/bench.js';
import { threatTitle } from '../suite/title.js';
import { takeExamples, type LabelledBatch } from '../tensor/batch.js';
import { attackJob, type AttackRun } from './attack-job.js';
import { benchThreat, BUDGETS } from './budgets.js';
import { labelledImages } from './images.js';
import { benchModel } from './models.js';
import type { BenchNetworkId } from './networks/index.js';
import { timedEngine, type TimedEngine } from './timed-engine.js';

/** How attacks are timed. */
export interface AttackOptions {
  readonly threads: number;
  /** Images that each attack is run on, 32 by default; fewer for an attack that takes very many passes. */
  readonly batchSize?: number;
  /** Ids; all built-in ones by default. */
  readonly attacks?: readonly string[];
  readonly signal?: AbortSignal;
  /** Called before each attack. */
  readonly onSlice?: (name: string) => void;
}

const IMAGES = 32;
/** Fewer images are taken where one would take more passes than this over their number; a forward pass counts half. */
const MOST_PASSES = 4000;
/** Images of the run that does not count: it compiles, and warms up the code. */
const WARM_UP = 16;
/** Runs that are shorter are repeated for so long. */
const SECONDS = 0.3;

/** An attack as it is timed. */
interface Task {
  readonly stage: AttackStage;
  /** How many are attacked; one that learns first does so on as many others. */
  readonly images: number;
  /** The parameters that are not defaults. */
  readonly given: Readonly<Record<string, unknown>>;
}

/**
 * Times every attack on a network as a worker runs it, judge included, after a run that does not count.
 * @throws GauntletError UNKNOWN_ATTACK
 */
export async function measureAttacks(id: BenchNetworkId, options: AttackOptions): Promise<AttackReport[]> {
  const { threads, batchSize = IMAGES, signal = new AbortController().signal } = options;
  const engine = timedEngine(await createOnnxRuntimeEngine());
  const classifier = await createClassifier(await benchModel(id, engine), engine, { threads });
  const services = await localServices({ threads });
  const reports: AttackReport[] = [];
  try {
    const pool = await labelledImages(classifier, 2 * batchSize);
    for (const attack of options.attacks ?? listAttacks().map(({ metadata }) => metadata.id)) {
      signal.throwIfAborted();
      options.onSlice?.(attack);
      const task = await taskOf(attack, batchSize, services, classifier);
      reports.push({
        network: id,
        ...(await timeTask(task, pool, { engine, classifier, services }, signal)),
      });
    }
    return reports;
  } finally {
    await Promise.all([classifier.dispose(), services.dispose()]);
  }
}

async function taskOf(
  id: string,
  most: number,
  services: Services,
  { numClasses }: EngineClassifier,
): Promise<Task> {
  const attack = await services.attack({ id, version: '' });
  const { metadata } = attack;
  const given = BUDGETS[id] ?? {};
  const parameters = resolveParameters(attack.parameters, given, id);
  const load = (inner: string) => services.attack({ id: inner, version: '' });
  const { forward, gradient } = await costOf(attack, parameters, { numClasses }, load);
  const images = Math.max(1, Math.min(most, Math.floor(MOST_PASSES / (gradient + forward / 2 || 1))));
  const fitIndices = Array.from({ length: images }, (_value, i) => images + i);
  const stage: AttackStage = {
    attack: { id, version: metadata.version },
    parameters,
    threat: benchThreat(metadata),
    goal: { kind: 'untargeted' },
    ...(attack.fit && { fitIndices }),
  };
  return { stage, images, given };
}

async function timeTask(
  { stage, images, given }: Task,
  pool: LabelledBatch,
  subject: {
    readonly engine: TimedEngine;
    readonly classifier: EngineClassifier;
    readonly services: Services;
  },
  signal: AbortSignal,
): Promise<Omit<AttackReport, 'network'>> {
  const { engine, classifier, services } = subject;
  const jobOn = (some: number) => {
    const learned = stage.fitIndices?.slice(0, some);
    const examples = takeExamples(pool, [...Array(some).keys(), ...(learned ?? [])]);
    return attackJob(services, classifier, examples, { ...stage, ...(learned && { fitIndices: learned }) });
  };
  await jobOn(Math.min(WARM_UP, images))(signal);
  const run = jobOn(images);
  const [started, spent] = [performance.now(), engine.seconds()];
  let runs = 0;
  let last: AttackRun;
  do {
    last = await run(signal);
    runs++;
  } while (performance.now() - started < SECONDS * 1000);
  const seconds = (performance.now() - started) / 1000;
  return {
    attack: stage.attack.id,
    threat: threatTitle(stage.threat),
    parameters: given,
    images,
    passes: { forward: meanPasses(last, 'forward'), gradient: meanPasses(last, 'gradient') },
    imagesPerSecond: (runs * images) / seconds,
    shareOutsideEngine: Math.max(0, 1 - (engine.seconds() - spent) / seconds),
  };
}

/** Per attacked image; those of the images that were learned on are shared out among them. */
function meanPasses({ shard, fitted }: AttackRun, kind: 'forward' | 'gradient'): number {
  const counts = shard.stages[0]![kind];
  return (counts.reduce((sum, count) => sum + count, 0) + fitted[kind]) / counts.length;
}
