import { cpus } from 'node:os';
import { Bench } from 'tinybench';
import { createOnnxRuntimeEngine } from '../engine/onnxruntime/engine.js';
import { GauntletError } from '../errors.js';
import { localServices } from '../evaluate/local-services.js';
import { keyedStream } from '../random/keyed.js';
import { packageVersion } from '../resources.js';
import type { LabelledBatch } from '../tensor/batch.js';
import { elementCount } from '../tensor/tensor.js';
import { benchModel, benchNetworks, type BenchModel } from './models.js';
import { PEAK_FLOPS, peakTask } from './peak.js';
import { PGD_STEPS, pgdTask } from './pgd.js';
import { timedEngine, type TimedEngine } from './timed-engine.js';

/** How fast something ran. */
export interface Throughput {
  readonly imagesPerSecond: number;
  /** 95 % margin of error in percent. */
  readonly marginPercent: number;
}

/** Throughput of passes, also as a share of the matrix product measured in the same run. */
export interface PassThroughput extends Throughput {
  readonly shareOfPeak: number;
}

export interface BenchReport {
  readonly schemaVersion: 1;
  readonly kind: 'bench';
  readonly tool: { readonly name: string; readonly version: string };
  readonly engine: { readonly id: string; readonly version: string };
  readonly machine: { readonly processor: string; readonly cores: number; readonly node: string };
  /** Threads the engine was given, and examples per pass. */
  readonly threads: number;
  readonly batchSize: number;
  /** Square float32 matrix product at its fastest: billions of operations per second. */
  readonly peak: { readonly gflops: number; readonly marginPercent: number };
  readonly models: readonly {
    readonly id: string;
    /** Floating-point operations of one forward pass of one image; a gradient pass is counted as twice that. */
    readonly forwardFlops: number;
    readonly forward: PassThroughput;
    readonly gradient: PassThroughput;
    /** Whole PGD on a shard, judge included. */
    readonly pgd: Throughput & { readonly steps: number; readonly shareOutsideEngine: number };
  }[];
}

export interface BenchOptions {
  /** Threads of the engine; one is what a worker of a run has. */
  readonly threads?: number;
  readonly batchSize?: number;
  /** Seconds per measurement. */
  readonly seconds?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number, label: string) => void;
}

interface Measured {
  /** Median seconds of one call. */
  readonly seconds: number;
  /** Seconds of the fastest call. */
  readonly fastest: number;
  readonly marginPercent: number;
}

/** Measures the engine, the models and the attack on this machine. */
export async function runBench(options: BenchOptions = {}): Promise<BenchReport> {
  const { threads = 1, batchSize = 128, seconds = 1 } = options;
  const engine = timedEngine(await createOnnxRuntimeEngine());
  const ids = Object.keys(benchNetworks) as (keyof typeof benchNetworks)[];
  const total = 1 + 3 * ids.length;
  let done = 0;
  const measure = async (label: string, task: () => Promise<unknown>): Promise<Measured> => {
    options.signal?.throwIfAborted();
    options.onProgress?.(done++ / total, label);
    return measured(label, task, seconds);
  };

  const product = await peakTask(engine, threads);
  const peak = await measure('matrix product', () => product.run());
  await product.release();
  const peakFlops = PEAK_FLOPS / peak.fastest;

  const models: BenchReport['models'][number][] = [];
  for (const id of ids) {
    const model = await benchModel(id, engine, { threads, batchSize });
    models.push(await benchOneModel(model, { batchSize, peakFlops, engine, measure }));
    await model.classifier.dispose();
  }
  return {
    schemaVersion: 1,
    kind: 'bench',
    tool: { name: 'gauntlet', version: packageVersion },
    engine: { id: engine.id, version: engine.version },
    machine: {
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      cores: cpus().length,
      node: process.versions.node,
    },
    threads,
    batchSize,
    peak: { gflops: peakFlops / 1e9, marginPercent: peak.marginPercent },
    models,
  };
}

async function benchOneModel(
  { id, classifier, forwardFlops }: BenchModel,
  run: {
    readonly batchSize: number;
    readonly peakFlops: number;
    readonly engine: TimedEngine;
    readonly measure: (label: string, task: () => Promise<unknown>) => Promise<Measured>;
  },
): Promise<BenchReport['models'][number]> {
  const { batchSize, peakFlops, engine, measure } = run;
  const batch = randomImages(classifier.input.shape, batchSize);
  const labels = await classifier.predict(batch);
  const labelled: LabelledBatch = { ...batch, labels };
  const passes = (flops: number, { seconds, marginPercent }: Measured): PassThroughput => ({
    imagesPerSecond: batchSize / seconds,
    marginPercent,
    shareOfPeak: (flops * batchSize) / seconds / peakFlops,
  });

  const forward = await measure(`${id}: forward`, () => classifier.logits(batch));
  const gradient = await measure(`${id}: gradient`, () =>
    classifier.lossGradient(batch, { labels, loss: 'ce' }),
  );
  const attack = await pgdTask(await localServices({ threads: 1 }), classifier, labelled);
  await attack();
  engine.reset();
  let wall = 0;
  const pgd = await measure(`${id}: PGD-${PGD_STEPS}`, async () => {
    const started = performance.now();
    await attack();
    wall += (performance.now() - started) / 1000;
  });
  return {
    id,
    forwardFlops,
    forward: passes(forwardFlops, forward),
    gradient: passes(2 * forwardFlops, gradient),
    pgd: {
      steps: PGD_STEPS,
      imagesPerSecond: batchSize / pgd.seconds,
      marginPercent: pgd.marginPercent,
      shareOutsideEngine: 1 - engine.seconds() / wall,
    },
  };
}

/** Times a task with tinybench. @throws GauntletError INTERNAL with the task's own error as cause. */
async function measured(name: string, task: () => Promise<unknown>, seconds: number): Promise<Measured> {
  const bench = new Bench({
    time: seconds * 1000,
    warmupTime: 100,
    iterations: 5,
    warmupIterations: 2,
    throws: true,
  });
  bench.add(name, async () => {
    await task();
  });
  await bench.run();
  const result = bench.tasks[0]!.result;
  if (result.state !== 'completed') {
    throw new GauntletError('INTERNAL', `The measurement "${name}" ended as ${result.state}.`);
  }
  const { p50, min, rme } = result.latency;
  return { seconds: p50 / 1000, fastest: min / 1000, marginPercent: rme };
}

function randomImages(shape: readonly number[], count: number): Omit<LabelledBatch, 'labels'> {
  const size = elementCount(shape);
  const data = keyedStream(0, 0, 'bench/images').fillUniform(new Float32Array(count * size));
  return { shape, data, keys: Array.from({ length: count }, (_value, i) => i) };
}
