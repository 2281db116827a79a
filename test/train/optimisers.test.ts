import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../src/engine/engine.js';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime/engine.js';
import { GraphBuilder } from '../../src/graph/builder.js';
import { floatTensor, type Tensor } from '../../src/tensor/tensor.js';
import { LEARNING_RATE, optimiserOf, type OptimiserSpec } from '../../src/train/optimisers.js';

const SIZE = 4;
const START = [0.5, -1.25, 2, -0.01];
const GRADIENTS = [
  [0.1, -0.2, 3, 1e-4],
  [-0.3, 0.25, 2.5, 2e-4],
  [0.2, 0, -4, -1e-4],
];
const RATE = 0.01;

/** The optimiser's update of one vector, as a graph of its own. */
function updateGraph(spec: OptimiserSpec) {
  const optimiser = optimiserOf(spec);
  const builder = new GraphBuilder({ name: 'update', opsets: { '': 17 } });
  const vector = (name: string) => builder.input(name, 'float32', [SIZE]);
  const scalarNames = [LEARNING_RATE, ...Object.keys(optimiser.scalars(spec, 1))];
  const values = {
    parameter: vector('parameter'),
    gradient: vector('gradient'),
    slots: optimiser.slots.map(vector),
    scalars: Object.fromEntries(scalarNames.map((name) => [name, builder.input(name, 'float32', [])])),
  };
  const next = optimiser.update(builder, spec, values);
  const outputs = [next.parameter, ...next.slots];
  for (const name of outputs) builder.output(name, 'float32', [SIZE]);
  return { graph: builder.build(), outputs };
}

/** Runs the update for every gradient in turn; returns the parameter after each. */
async function steps(engine: Engine, spec: OptimiserSpec): Promise<number[][]> {
  const optimiser = optimiserOf(spec);
  const { graph, outputs } = updateGraph(spec);
  const vector = (values: ArrayLike<number>) => floatTensor(Float32Array.from(values), [SIZE]);
  const scalar = (value: number) => floatTensor(Float32Array.of(value), []);
  const session = await engine.compile(graph, { threads: 1 });
  const path: number[][] = [];
  let state: Tensor[] = [vector(START), ...optimiser.slots.map(() => vector([0, 0, 0, 0]))];
  for (const [i, gradient] of GRADIENTS.entries()) {
    const scalars = { [LEARNING_RATE]: RATE, ...optimiser.scalars(spec, i + 1) };
    const results = await session.run({
      parameter: state[0]!,
      gradient: vector(gradient),
      ...Object.fromEntries(optimiser.slots.map((slot, s) => [slot, state[s + 1]!])),
      ...Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, scalar(value)])),
    });
    state = outputs.map((name) => results[name]!);
    path.push([...(state[0]!.data as Float32Array)]);
  }
  await session.release();
  return path;
}

/** Largest difference relative to the larger of 1e-2 and the value expected. */
const largestError = (found: readonly number[][], expected: readonly number[][]): number =>
  Math.max(
    ...found.flatMap((row, i) =>
      row.map((value, j) => Math.abs(value - expected[i]![j]!) / Math.max(1e-2, Math.abs(expected[i]![j]!))),
    ),
  );

/** Momentum unrolled: the velocity is the sum of all past gradients, each weighted by momentum to the power of its age. */
function sgdClosedForm(momentum: number, weightDecay: number): number[][] {
  const weights = [[...START]];
  const gradients: number[][] = [];
  GRADIENTS.forEach((gradient, i) => {
    const before = weights[i]!;
    gradients.push(gradient.map((value, j) => value + weightDecay * before[j]!));
    weights.push(
      before.map((weight, j) => {
        const velocity = gradients.reduce((sum, past, age) => sum + momentum ** (i - age) * past[j]!, 0);
        return weight - RATE * velocity;
      }),
    );
  });
  return weights.slice(1);
}

/** Adam with both moments written as weighted means over the past, which is what the bias correction makes of them. */
function adamClosedForm(
  beta1: number,
  beta2: number,
  epsilon: number,
  l2: number,
  decoupled: number,
): number[][] {
  const weightedMean = (beta: number, past: readonly number[]): number => {
    const weights = past.map((_, age) => beta ** (past.length - 1 - age));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return past.reduce((total, value, i) => total + value * weights[i]!, 0) / sum;
  };
  const columns = START.map((start, j) => {
    const past: number[] = [];
    let weight = start;
    return GRADIENTS.map((gradient) => {
      past.push(gradient[j]! + l2 * weight);
      const direction =
        weightedMean(beta1, past) /
        (Math.sqrt(
          weightedMean(
            beta2,
            past.map((value) => value ** 2),
          ),
        ) +
          epsilon);
      weight = weight * (1 - RATE * decoupled) - RATE * direction;
      return weight;
    });
  });
  return GRADIENTS.map((_, i) => columns.map((column) => column[i]!));
}

describe('an optimiser in the graph takes the steps of its closed form in float64', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createOnnxRuntimeEngine();
  });

  it.each([
    { momentum: 0, weightDecay: 0 },
    { momentum: 0.9, weightDecay: 0 },
    { momentum: 0.9, weightDecay: 0.1 },
  ])('sgd, momentum $momentum, weight decay $weightDecay', async ({ momentum, weightDecay }) => {
    const found = await steps(engine, { kind: 'sgd', learningRate: RATE, momentum, weightDecay });
    expect(largestError(found, sgdClosedForm(momentum, weightDecay))).toBeLessThan(1e-6);
  });

  const betas = { learningRate: RATE, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

  it('adam, whose decay is part of the gradient', async () => {
    const found = await steps(engine, { kind: 'adam', ...betas, weightDecay: 0.1 });
    expect(largestError(found, adamClosedForm(0.9, 0.999, 1e-8, 0.1, 0))).toBeLessThan(1e-5);
  });

  it('adamw, whose decay is apart from the gradient', async () => {
    const found = await steps(engine, { kind: 'adamw', ...betas, weightDecay: 0.1 });
    expect(largestError(found, adamClosedForm(0.9, 0.999, 1e-8, 0, 0.1))).toBeLessThan(1e-5);
  });

  it('adamw without decay is adam', async () => {
    const [adam, adamw] = await Promise.all(
      (['adam', 'adamw'] as const).map((kind) => steps(engine, { kind, ...betas, weightDecay: 0 })),
    );
    expect(adamw).toEqual(adam);
  });
});
