import { createOnnxRuntimeEngine } from '../engine/onnxruntime/engine.js';
import type { Engine, Session } from '../engine/engine.js';
import { runnerOf } from '../engine/runner.js';
import { countFlops } from '../graph/flops.js';
import { inferShapes } from '../graph/shapes.js';
import { buildNetwork, type NetworkSpec } from '../models/architectures/network.js';
import { keyedStream } from '../random/keyed.js';
import type { TrainingReport } from '../results/schema/bench.js';
import { elementCount, floatTensor, type FloatTensor, type Tensor } from '../tensor/tensor.js';
import { LEARNING_RATE, optimiserOf, type OptimiserSpec } from '../train/optimisers.js';
import { STEP_INPUTS, trainingStep, type TrainingStep } from '../train/step.js';
import { peakOf } from './peak.js';
import { besideYardstick, contender, overall, takeTurns, type Contender, type Pace } from './turns.js';

/** How training steps are timed. */
export interface TrainingOptions extends Pace {
  readonly threads: number;
  /** Images per step; 128 by default. */
  readonly batchSize?: number;
}

const BATCH_SIZE = 128;
const CLASSES = 10;
const OPTIMISER: OptimiserSpec = {
  ...{ kind: 'adamw', learningRate: 1e-3, weightDecay: 5e-4 },
  ...{ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
};

/** The networks of the zoo's recipes, with the head that has most to do. */
const NETWORKS: Readonly<Record<string, Pick<NetworkSpec, 'backbone' | 'activation'> & { channels: 1 | 3 }>> =
  {
    mlp: { backbone: { kind: 'mlp', widths: [256, 256] }, activation: 'relu', channels: 1 },
    cnn: { backbone: { kind: 'cnn', channels: [16, 32], widths: [128] }, activation: 'silu', channels: 1 },
    resnet8: { backbone: { kind: 'resnet', depth: 8 }, activation: 'silu', channels: 3 },
  };

/** A training step ready to be timed. */
interface Subject {
  readonly id: string;
  readonly session: Session;
  readonly step: Contender;
  readonly parameters: number;
  readonly forwardFlops: number;
}

/**
 * Times whole training steps (forward pass, gradients of all weights, AdamW) of the zoo's networks, in turns with the matrix
 * product that they are measured against. A step counts as three times the operations of its forward pass.
 */
export async function measureTraining(options: TrainingOptions): Promise<TrainingReport[]> {
  const { threads, batchSize = BATCH_SIZE } = options;
  const engine = await createOnnxRuntimeEngine();
  const peak = await peakOf(engine, threads);
  const subjects: Subject[] = [];
  try {
    for (const id of Object.keys(NETWORKS)) subjects.push(await openSubject(id, engine, threads, batchSize));
    const order = subjects.flatMap(({ step }) => [peak.contender, step]);
    const slices = await takeTurns([...order, peak.contender], options);
    const products = slices.flatMap(({ of, times }) => (of === peak.contender ? [1000 / times.fastest] : []));
    return subjects.map(({ id, step, parameters, forwardFlops }) => {
      const milliseconds = overall(slices, step);
      const imagesPerSecond = (1000 * batchSize) / milliseconds.fastest;
      const gflops = (imagesPerSecond * 3 * forwardFlops) / 1e9;
      return {
        ...{
          network: id,
          images: batchSize,
          parameters,
          forwardFlops,
          milliseconds,
          imagesPerSecond,
          gflops,
        },
        shareOfPeak: gflops / Math.max(...products),
        shareInTurns: (3 * forwardFlops * batchSize) / 1e9 / besideYardstick(slices, step),
      };
    });
  } finally {
    await Promise.all([...subjects.map(({ session }) => session.release()), peak.release()]);
  }
}

async function openSubject(id: string, engine: Engine, threads: number, batchSize: number): Promise<Subject> {
  const { channels, ...spec } = NETWORKS[id]!;
  const side = channels === 1 ? 28 : 32;
  const input: NetworkSpec['input'] = {
    shape: [channels, side, side],
    mean: Array<number>(channels).fill(0.5),
    std: Array<number>(channels).fill(0.25),
  };
  const network = buildNetwork({ ...spec, head: 'binenc', input, numClasses: CLASSES }, (name) =>
    keyedStream(0, 0, name),
  );
  const { graph } = network;
  const step = await trainingStep(
    network,
    { optimiser: OPTIMISER, penalty: 'mean-square' },
    runnerOf(engine),
  );
  const session = await engine.compile(step.graph, { threads });
  const initial = (name: string) => graph.initializers.get(name) as FloatTensor;
  return {
    ...{ id, session, step: contender(`training ${id}`, stepping(step, session, initial, input, batchSize)) },
    parameters: network.parameters.reduce((sum, { dims }) => sum + elementCount(dims), 0),
    forwardFlops: countFlops(graph, await inferShapes(graph, runnerOf(engine))),
  };
}

/** Goes on training on one batch of random images, as an epoch does: what a step gives is fed to the next. */
function stepping(
  { parameters, statistics, slots }: TrainingStep,
  session: Session,
  initial: (name: string) => FloatTensor,
  { shape }: NetworkSpec['input'],
  batchSize: number,
): () => Promise<void> {
  const size = batchSize * elementCount(shape);
  const pixels = keyedStream(0, 0, 'bench/images').fillUniform(new Float32Array(size));
  const oneHot = Float32Array.from({ length: batchSize * CLASSES }, (_, i) =>
    Number(i % CLASSES === Math.floor(i / CLASSES) % CLASSES),
  );
  const scalars = { [LEARNING_RATE]: 1e-3, ...optimiserOf(OPTIMISER).scalars(OPTIMISER, 1) };
  const feeds: Record<string, Tensor> = {
    [STEP_INPUTS.images]: floatTensor(pixels, [batchSize, ...shape]),
    [STEP_INPUTS.labels]: floatTensor(oneHot, [batchSize, CLASSES]),
    [STEP_INPUTS.penaltyStrength]: floatTensor(Float32Array.of(0.01), []),
  };
  for (const [name, value] of Object.entries(scalars)) feeds[name] = floatTensor(Float32Array.of(value), []);
  for (const { name } of [...parameters, ...statistics]) feeds[name] = initial(name);
  for (const { name, dims } of slots) feeds[name] = floatTensor(new Float32Array(elementCount(dims)), dims);
  return async () => {
    const outputs = await session.run(feeds);
    for (const { name, next } of [...parameters, ...statistics, ...slots]) feeds[name] = outputs[next]!;
  };
}
