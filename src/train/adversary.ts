import { ce } from '../classifier/losses/ce.js';
import type { CompileOptions, Engine, Session } from '../engine/engine.js';
import { runnerOf } from '../engine/runner.js';
import { differentiate } from '../graph/autodiff/differentiate.js';
import { GraphBuilder } from '../graph/builder.js';
import { BATCH, type Graph, type GraphRunner } from '../graph/ir.js';
import { inferShapes } from '../graph/shapes.js';
import type { Network } from '../models/architectures/network.js';
import { keyedStream } from '../random/keyed.js';
import { floatTensor, type Tensor } from '../tensor/tensor.js';
import type { AdversarialSpec } from './recipe.js';
import { withParametersAsInputs } from './step.js';

/** Turns the images of a batch into adversarial ones for the weights of the moment. */
export interface Adversary {
  /**
   * @param images [batch, C, H, W] in [0, 1]; left unchanged
   * @param keys their indices in the data set
   * @param epoch epochs done, with the fraction of the running one
   */
  attack(batch: {
    readonly images: Tensor;
    readonly labels: Tensor;
    readonly keys: readonly number[];
    readonly weights: Readonly<Record<string, Tensor>>;
    readonly epoch: number;
  }): Promise<Tensor>;
  release(): Promise<void>;
}

const NAMES = { labels: 'labels', step: 'step_size', lower: 'lower', upper: 'upper', next: 'next' } as const;

/**
 * Projected gradient descent inside an Linf ball, from a uniformly random start: Madry et al., "Towards Deep Learning Models
 * Resistant to Adversarial Attacks" (2018), section 2.1. The network is attacked as it is used, with the running statistics of
 * batch normalisation and nothing dropped; the step that follows normalises with the statistics of the adversarial batch.
 * Networks that fail to learn at the full epsilon from the start get one that grows over the first `warmUp` epochs.
 */
export async function createAdversary(
  network: Network,
  spec: AdversarialSpec,
  seed: number,
  engine: Engine,
  options: CompileOptions,
): Promise<Adversary> {
  const session = await engine.compile(await attackStep(network, runnerOf(engine)), options);
  return {
    attack: (batch) => attack(session, spec, seed, batch),
    release: () => session.release(),
  };
}

/** One step: x' = clip(x + step_size * sign(gradient of the cross-entropy), lower, upper). */
async function attackStep(network: Network, run: GraphRunner): Promise<Graph> {
  const base = withParametersAsInputs(network);
  const { dims } = base.inputs.find(({ name }) => name === 'input')!;
  const [, numClasses] = base.outputs.find(({ name }) => name === 'logits')!.dims;
  const builder = new GraphBuilder({ ...base, name: `${base.name}-attack`, outputs: [] });
  const labels = builder.input(NAMES.labels, 'float32', [BATCH, numClasses!]);
  const loss = ce.build(builder, {
    ...{ logits: 'logits', labels, targets: null, numClasses: Number(numClasses) },
  });
  // The cotangent of one loss per example: ones, whose number the labels tell.
  const ones = builder.add('ReduceSum', [labels, builder.ints([1])], { keepdims: { type: 'int', value: 0 } });
  const shapes = await inferShapes({ ...builder.build(), outputs: [] }, run);
  const derived = differentiate(builder.build(), shapes, {
    cotangents: { [loss]: ones },
    withRespectTo: ['input'],
  });
  const step = new GraphBuilder(derived.graph);
  const size = step.input(NAMES.step, 'float32', []);
  const lower = step.input(NAMES.lower, 'float32', dims);
  const upper = step.input(NAMES.upper, 'float32', dims);
  const sign = step.add('Sign', [derived.gradients.get('input')!]);
  const moved = step.add('Add', ['input', step.add('Mul', [size, sign])]);
  step.addNamed('Min', [step.add('Max', [moved, lower]), upper], NAMES.next);
  step.output(NAMES.next, 'float32', dims);
  return step.build();
}

async function attack(
  session: Session,
  spec: AdversarialSpec,
  seed: number,
  { images, labels, keys, weights, epoch }: Parameters<Adversary['attack']>[0],
): Promise<Tensor> {
  const share = spec.warmUp === 0 ? 1 : Math.min(1, epoch / spec.warmUp);
  const epsilon = share * spec.epsilon;
  const clean = images.data as Float32Array;
  const start = new Float32Array(clean.length);
  const lower = new Float32Array(clean.length);
  const upper = new Float32Array(clean.length);
  const size = clean.length / keys.length;
  keys.forEach((key, row) => {
    const stream = keyedStream(seed, key, 'train/adversary', 0, Math.floor(epoch));
    stream.fillUniform(start.subarray(row * size, (row + 1) * size), -epsilon, epsilon);
  });
  for (let i = 0; i < clean.length; i++) {
    lower[i] = Math.max(0, clean[i]! - epsilon);
    upper[i] = Math.min(1, clean[i]! + epsilon);
    start[i] = Math.min(Math.max(clean[i]! + start[i]!, lower[i]!), upper[i]!);
  }
  const like = (data: Float32Array): Tensor => floatTensor(data, images.dims);
  const feeds = {
    ...weights,
    labels,
    [NAMES.step]: floatTensor(Float32Array.of(share * spec.stepSize), []),
    [NAMES.lower]: like(lower),
    [NAMES.upper]: like(upper),
  };
  let current = like(start);
  for (let step = 0; step < spec.steps; step++)
    current = (await session.run({ ...feeds, input: current }))[NAMES.next]!;
  return current;
}
