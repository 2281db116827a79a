import { createOnnxRuntimeEngine } from '../../engine/onnxruntime/engine.js';
import { runnerOf } from '../../engine/runner.js';
import type { Graph } from '../../graph/ir.js';
import type { Network, NetworkSpec } from '../../models/architectures/network.js';
import { keyedStream } from '../../random/keyed.js';
import { elementCount, floatTensor, type FloatTensor, type Tensor } from '../../tensor/tensor.js';
import { LEARNING_RATE, optimiserOf, type OptimiserSpec } from '../../train/optimisers.js';
import { STEP_INPUTS, STEP_OUTPUTS, trainingStep } from '../../train/step.js';
import { SEED } from './situation.js';

const STEPS = 20;
const BATCH = 6;
const ADAM: OptimiserSpec = {
  kind: 'adam',
  ...{ learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
};

/** Named float tensors of a network. */
type Weights = Readonly<Record<string, FloatTensor>>;

/** What a few steps on one batch show. */
export interface BriefTraining {
  /** Of the first step, up to a factor, by parameter. */
  readonly gradients: ReadonlyMap<string, FloatTensor>;
  /** Before every step. */
  readonly losses: readonly number[];
  /** Parameters and running statistics after the last step. */
  readonly weights: Weights;
}

/** Random images in [0, 1], those of the keys from `first` on. */
export function images(n: number, { input }: NetworkSpec, first = 0): FloatTensor {
  const size = elementCount(input.shape);
  const data = new Float32Array(n * size);
  for (let i = 0; i < n; i++)
    keyedStream(SEED, first + i, 'contract/image').fillUniform(data.subarray(i * size, (i + 1) * size));
  return floatTensor(data, [n, ...input.shape]);
}

/** Runs a graph on the native engine. */
export async function runOnce(graph: Graph, feeds: Readonly<Record<string, Tensor>>) {
  return runnerOf(await createOnnxRuntimeEngine())(graph, feeds);
}

/** The network with other weights. */
export const withWeights = ({ graph }: Network, weights: Weights): Graph => ({
  ...graph,
  initializers: new Map([...graph.initializers, ...Object.entries(weights)]),
});

/**
 * Trains on one batch of random images for a few steps, nothing dropped.
 * @param compressed whether the loss has a penalty on the penultimate output
 * @throws GauntletError GRADIENT_BLOCKED
 */
export async function trainBriefly(
  network: Network,
  spec: NetworkSpec,
  compressed: boolean,
): Promise<BriefTraining> {
  const engine = await createOnnxRuntimeEngine();
  const penalty = compressed ? 'mean-square' : null;
  const step = await trainingStep(network, { optimiser: ADAM, penalty }, runnerOf(engine));
  const session = await engine.compile(step.graph, { threads: 1 });
  const carried = [...step.parameters, ...step.statistics, ...step.slots];
  const initial = ({ name, dims }: (typeof carried)[number]) =>
    (network.graph.initializers.get(name) as FloatTensor | undefined) ??
    floatTensor(new Float32Array(elementCount(dims)), dims);
  let tensors = Object.fromEntries(carried.map((tensor) => [tensor.name, initial(tensor)]));
  let gradients: BriefTraining['gradients'] | undefined;
  const losses: number[] = [];
  try {
    for (let done = 0; done < STEPS; done++) {
      const outputs = await session.run({ ...fixedFeeds(network, spec, compressed, done + 1), ...tensors });
      tensors = Object.fromEntries(carried.map(({ name, next }) => [name, outputs[next] as FloatTensor]));
      losses.push(Number(outputs[STEP_OUTPUTS.loss]!.data[0]));
      // The first moment, which was zero, is the gradient times 1 - beta1.
      gradients ??= new Map(
        step.parameters.map(({ name }) => [name, tensors[`${name}/${optimiserOf(ADAM).slots[0]!}`]!]),
      );
    }
  } finally {
    await session.release();
  }
  const kept = [...step.parameters, ...step.statistics].map(({ name }) => [name, tensors[name]!]);
  return { gradients: gradients!, losses, weights: Object.fromEntries(kept) as Weights };
}

function fixedFeeds(network: Network, spec: NetworkSpec, compressed: boolean, step: number) {
  const { numClasses } = spec;
  const oneHot = Float32Array.from({ length: BATCH * numClasses }, (_, i) =>
    Number(i % numClasses === Math.floor(i / numClasses) % numClasses),
  );
  const scalars = {
    ...{ [LEARNING_RATE]: ADAM.learningRate, ...optimiserOf(ADAM).scalars(ADAM, step) },
    ...(compressed && { [STEP_INPUTS.penaltyStrength]: 0.01 }),
  };
  const kept = new Float32Array(BATCH * numClasses).fill(1);
  return {
    [STEP_INPUTS.images]: images(BATCH, spec),
    [STEP_INPUTS.labels]: floatTensor(oneHot, [BATCH, numClasses]),
    ...(network.dropout > 0 && { [STEP_INPUTS.dropoutMask]: floatTensor(kept, [BATCH, numClasses]) }),
    ...Object.fromEntries(
      Object.entries(scalars).map(([name, value]) => [name, floatTensor(Float32Array.of(value), [])]),
    ),
  };
}
