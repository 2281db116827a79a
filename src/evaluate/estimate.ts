import type { Classifier } from '../classifier/classifier.js';
import { elementCount } from '../tensor/tensor.js';
import { canonicalJson } from '../fingerprint.js';
import { costOf } from '../plugin/cost.js';
import { stagesOf, type CellSpec } from './cell.js';
import type { Services } from './services.js';
import { runJob } from './shard.js';

/** Passes, or seconds of one pass, per example. */
interface PassCost {
  readonly forward: number;
  readonly gradient: number;
}

interface MeasuredModel {
  readonly seconds: PassCost;
  readonly numClasses: number;
  readonly stochastic: boolean;
}

const PROBE_BATCH = 128;
/** Examples a plan is tried on to learn what it costs besides passes. */
const TRIAL_EXAMPLES = 24;
/** A plan whose trial would take longer than this (seconds) is estimated by its passes alone: they dominate it. */
const LONGEST_TRIAL = 0.5;
/** Seconds until a pool's workers have loaded engine, data and first model. */
const START_UP = 1.5;

/**
 * Seconds each cell takes on one worker, at most: fooled examples leave early, which is not foreseen. A model is timed on blank
 * inputs; a plan is tried on a few examples of its first model for what it spends outside the engine. Cells of a model that
 * cannot be loaded are left out.
 */
export async function estimateSeconds(
  specs: readonly CellSpec[],
  services: Services,
): Promise<Map<CellSpec, number>> {
  const models = new Map<string, MeasuredModel | null>();
  const overheads = new Map<string, number>();
  const estimates = new Map<CellSpec, number>();
  for (const spec of specs) {
    const { sha256, declared } = spec.model;
    // Trying it out would use up what may be asked of it.
    if (declared !== undefined) continue;
    // A model that cannot be loaded is no reason to stop here: its cells will say what is wrong with it.
    if (!models.has(sha256)) models.set(sha256, await measureModel(spec, services).catch(() => null));
    const model = models.get(sha256);
    if (!model) continue;
    const perExample = await passSeconds(spec, services, model);
    const plan = canonicalJson(spec.plan);
    const overhead = overheads.get(plan) ?? (await measureOverhead(spec, services, perExample));
    overheads.set(plan, overhead);
    estimates.set(spec, (perExample + overhead) * spec.data.indices.length);
  }
  return estimates;
}

/** Seconds a run of cells with these estimates takes on so many workers. */
export function runSeconds(estimates: Iterable<number>, parallelism: number): number {
  const total = [...estimates].reduce((sum, seconds) => sum + seconds, 0);
  return total === 0 ? 0 : START_UP + total / parallelism;
}

async function measureModel(spec: CellSpec, services: Services): Promise<MeasuredModel> {
  const classifier = await services.classifier(spec.model);
  const { numClasses, stochastic } = classifier;
  return { seconds: await measurePasses(classifier), numClasses, stochastic };
}

/** Times a few passes on blank inputs; the first of each kind compiles and is not counted. */
async function measurePasses(classifier: Classifier): Promise<PassCost> {
  const { shape } = classifier.input;
  const keys = Array.from({ length: PROBE_BATCH }, (_value, i) => i);
  const batch = { shape, data: new Float32Array(PROBE_BATCH * elementCount(shape)).fill(0.5), keys };
  const labels = new Int32Array(PROBE_BATCH);
  const forward = await secondsPerExample(() => classifier.logits(batch));
  const gradient = await secondsPerExample(() =>
    classifier.lossGradient(batch, { labels, loss: 'ce' }),
  ).catch(
    // A model without gradients is only ever asked for forward passes.
    () => forward,
  );
  return { forward, gradient };
}

async function secondsPerExample(pass: () => Promise<unknown>): Promise<number> {
  await pass();
  const start = performance.now();
  await pass();
  await pass();
  return (performance.now() - start) / 1000 / (2 * PROBE_BATCH);
}

/** Seconds in the engine per example, the clean pass and the judge's included. */
async function passSeconds(
  spec: CellSpec,
  services: Pick<Services, 'attack'>,
  { seconds, ...model }: MeasuredModel,
): Promise<number> {
  let [forward, gradient] = [2, 0];
  for (const stage of stagesOf(spec)) {
    const attack = await services.attack(stage.attack);
    const cost = await costOf(attack, stage.parameters, model, (id) => services.attack({ id, version: '' }));
    forward += cost.forward;
    gradient += cost.gradient;
  }
  return forward * seconds.forward + gradient * seconds.gradient;
}

/** Seconds per example that a plan spends outside the engine; 0 where it is not worth trying, or fails. */
async function measureOverhead(spec: CellSpec, services: Services, engineSeconds: number): Promise<number> {
  const to = Math.min(TRIAL_EXAMPLES, spec.data.indices.length);
  const fitted = stagesOf(spec).some((stage) => stage.fitIndices !== undefined);
  if (fitted || engineSeconds * to > LONGEST_TRIAL) return 0;
  const job = { kind: 'shard', spec, from: 0, to, batchSize: to, states: {} } as const;
  const { signal } = new AbortController();
  try {
    // The first run compiles, and warms up code that a worker will have warm for most of its time.
    await runJob({ ...job, to: 1 }, services, signal);
    const start = performance.now();
    await runJob(job, services, signal);
    return Math.max(0, (performance.now() - start) / 1000 / to - engineSeconds);
  } catch {
    return 0;
  }
}
