import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { deriveLoss, simplify } from '../classifier/derive.js';
import { lossById } from '../classifier/losses/index.js';
import { oneHot } from '../classifier/rows.js';
import type { Engine } from '../engine/engine.js';
import { createOnnxRuntimeEngine } from '../engine/onnxruntime/engine.js';
import { runnerOf } from '../engine/runner.js';
import { keyedStream } from '../random/keyed.js';
import { elementCount, floatTensor } from '../tensor/tensor.js';
import { benchModel } from './models.js';
import { benchNetworkIds, benchNetworks, type BenchNetworkId } from './networks/index.js';
import { readTrace, type KernelRun, type TracedRun } from './trace.js';
import { median } from './turns.js';

/** Time of one kind of kernel, or of one node, per run of the graph. */
export interface KernelTime {
  readonly name: string;
  /** How many run. */
  readonly count: number;
  /** Median over the runs. */
  readonly milliseconds: number;
  /** Share of the run. */
  readonly share: number;
}

/** Where the time of a network's gradient pass goes, by ONNX Runtime's own clock. */
export interface Profile {
  readonly id: BenchNetworkId;
  readonly threads: number;
  readonly batchSize: number;
  readonly runs: number;
  /** Milliseconds of a run, and of the part of it outside kernels: medians. */
  readonly milliseconds: number;
  readonly outsideKernels: number;
  /** Most expensive first. */
  readonly operators: readonly KernelTime[];
  readonly nodes: readonly KernelTime[];
}

export interface ProfileOptions {
  /** The networks; all by default. */
  readonly only?: readonly BenchNetworkId[];
  /** Threads of the engine; one per core by default. */
  readonly threads?: number;
  /** Examples per run; the network's own batch size by default. */
  readonly batchSize?: number;
  /** Timed runs, 20 by default. */
  readonly runs?: number;
  readonly signal?: AbortSignal;
}

const WARM_UP = 3;

/** Runs forward passes with the gradient of the cross-entropy under ONNX Runtime's profiler. */
export async function profileNetworks(options: ProfileOptions = {}): Promise<Profile[]> {
  const profiles: Profile[] = [];
  for (const id of options.only ?? benchNetworkIds) profiles.push(await profileNetwork(id, options));
  return profiles;
}

async function profileNetwork(id: BenchNetworkId, options: ProfileOptions): Promise<Profile> {
  const { batchSize = benchNetworks[id].batchSize, runs = 20, signal } = options;
  const threads = options.threads ?? availableParallelism();
  const engine = await createOnnxRuntimeEngine();
  const model = await benchModel(id, engine);
  const run = runnerOf(engine);
  const { graph, input, labels } = await deriveLoss(model, await simplify(model, run), lossById('ce'), {
    run,
    straightThrough: false,
  });
  const shape = [batchSize, ...model.input.shape];
  const images = keyedStream(0, 0, 'bench/images').fillUniform(new Float32Array(elementCount(shape)));
  const classes = Int32Array.from({ length: batchSize }, (_value, i) => i % model.numClasses);
  const feeds = {
    [input]: floatTensor(images, shape),
    [labels]: floatTensor(oneHot(classes, batchSize, model.numClasses), [batchSize, model.numClasses]),
  };
  const traced = await traceOf(async (recording) => {
    const session = await recording.compile(graph, { threads });
    for (let i = 0; i < WARM_UP + runs; i++) {
      signal?.throwIfAborted();
      await session.run(feeds);
    }
    await session.release();
  });
  return summarise({ id, threads, batchSize, runs }, traced.slice(-runs));
}

/** Runs a task on an engine that records; returns the recording of the only session that the task compiles. */
async function traceOf(task: (engine: Engine) => Promise<void>): Promise<TracedRun[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gauntlet-profile-'));
  try {
    await task(await createOnnxRuntimeEngine({ tracePrefix: join(folder, 'trace') }));
    const [file] = await readdir(folder);
    return readTrace(await readFile(join(folder, file!), 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function summarise(
  of: Pick<Profile, 'id' | 'threads' | 'batchSize' | 'runs'>,
  traced: readonly TracedRun[],
): Profile {
  const total = median(traced.map(({ microseconds }) => microseconds));
  const outside = median(traced.map(({ microseconds, kernels }) => microseconds - sum(kernels)));
  const grouped = (nameOf: (kernel: KernelRun) => string): KernelTime[] => {
    const counts = countBy(traced[0]?.kernels ?? [], nameOf);
    return [...counts]
      .map(([name, count]) => {
        const named = traced.map(({ kernels }) => kernels.filter((kernel) => nameOf(kernel) === name));
        const time = median(named.map(sum));
        return { name, count, milliseconds: time / 1000, share: time / total };
      })
      .sort((a, b) => b.milliseconds - a.milliseconds);
  };
  return {
    ...of,
    milliseconds: total / 1000,
    outsideKernels: outside / 1000,
    operators: grouped(({ operator }) => operator),
    nodes: grouped(({ operator, node, shapes }) => `${operator} ${shapes} (${node})`),
  };
}

function countBy<T>(values: readonly T[], nameOf: (value: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of values.map(nameOf)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

const sum = (kernels: readonly KernelRun[]): number =>
  kernels.reduce((total, { microseconds }) => total + microseconds, 0);
