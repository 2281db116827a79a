import { expect } from '@jest/globals';
import type * as layers from '@tensorflow/tfjs-layers';
import { createClassifier } from '../../../src/classifier/engine-classifier.js';
import { addOwnGradient } from '../../../src/engine/own-gradient.js';
import { createTfjsEngine } from '../../../src/engine/tfjs/engine.js';
import { differentiate } from '../../../src/graph/autodiff/differentiate.js';
import { GraphBuilder } from '../../../src/graph/builder.js';
import { BATCH, type Graph } from '../../../src/graph/ir.js';
import { inferShapes } from '../../../src/graph/shapes.js';
import type { LoadedModel } from '../../../src/models/load.js';
import { openModel } from '../../../src/models/model-file.js';
import { sliceRow } from '../../../src/tensor/batch.js';
import { elementCount, floatTensor } from '../../../src/tensor/tensor.js';
import { engine, randomBatch } from '../../classifier/loaded.js';
import { run } from '../../fixtures/engine.js';
import { randomFloats } from '../../fixtures/graphs.js';
import { tf } from '../../reference-tfjs/tfjs.js';

/** Examples, and how the scores of each are combined into the number that the gradient is of. */
export interface Question {
  readonly count: number;
  readonly shape: readonly number[];
  readonly classes: number;
  readonly data: Float32Array;
  readonly cotangent: Float32Array;
}

export interface Answer {
  /** `count x classes`. */
  readonly logits: Float32Array;
  readonly gradient: Float32Array;
}

export function question(shape: readonly number[], classes: number, count = 2, seed = 7): Question {
  const { data } = randomBatch(seed, count, shape);
  return { count, shape, classes, data, cotangent: randomFloats(seed + 1, count * classes) };
}

/** The graph in a model file. */
export function graphOf(path: string): Graph {
  const file = openModel(path);
  try {
    return file.graph();
  } finally {
    file.close();
  }
}

/** What a graph with one input and one output computes, run once. */
export async function ofGraph(graph: Graph, asked: Question): Promise<Answer> {
  const { count, shape, classes, data, cotangent } = asked;
  const [input, output] = [graph.inputs[0]!.name, graph.outputs[0]!.name];
  const builder = new GraphBuilder(graph);
  const scores = builder.add('Reshape', [output, builder.ints([-1, classes])]);
  builder.output(scores, 'float32', [BATCH, classes]);
  builder.input('cotangent', 'float32', [BATCH, classes]);
  const whole = builder.build();
  const request = { cotangents: { [scores]: 'cotangent' }, withRespectTo: [input] };
  const differentiated = differentiate(whole, await inferShapes(whole, run), request);
  const gradient = differentiated.gradients.get(input)!;
  const outputs = [scores, gradient].map((name) => ({
    ...{ name, type: 'float32' as const, dims: [], undeclared: 'type and shape' as const },
  }));
  const results = await run(
    { ...differentiated.graph, outputs },
    {
      [input]: floatTensor(data, [count, ...shape]),
      cotangent: floatTensor(cotangent, [count, classes]),
    },
  );
  return { logits: results[scores]!.data as Float32Array, gradient: results[gradient]!.data as Float32Array };
}

const second = await createTfjsEngine('cpu');

/** The same on the second engine, whose gradient is TensorFlow.js's own. */
export async function ofSecondEngine(graph: Graph, asked: Question): Promise<Answer> {
  const { count, shape, classes, data, cotangent } = asked;
  const [input, output] = [graph.inputs[0]!.name, graph.outputs[0]!.name];
  const builder = new GraphBuilder({ ...graph, outputs: [] });
  const value = builder.add('Reshape', [output, builder.ints([-1, classes])]);
  builder.output(value, 'float32', [BATCH, classes]);
  builder.input('cotangent', 'float32', [BATCH, classes]);
  const request = { value, cotangent: 'cotangent', input, straightThrough: false };
  const gradient = addOwnGradient(builder, request);
  builder.output(gradient, 'float32', graph.inputs[0]!.dims);
  const session = await second.compile(builder.build());
  try {
    const results = await session.run({
      [input]: floatTensor(data, [count, ...shape]),
      cotangent: floatTensor(cotangent, [count, classes]),
    });
    return {
      logits: results[value]!.data as Float32Array,
      gradient: results[gradient]!.data as Float32Array,
    };
  } finally {
    await session.release();
  }
}

/** What a loaded model computes as attacks see it. */
export async function ofClassifier(loaded: LoadedModel, asked: Question): Promise<Answer> {
  const classifier = await createClassifier(loaded, engine, { threads: 1 });
  try {
    const keys = Array.from({ length: asked.count }, (_, i) => i);
    const batch = { shape: asked.shape, data: asked.data, keys };
    const answer = await classifier.vjp(batch, asked.cotangent);
    return { ...answer, logits: await classifier.logits(batch) };
  } finally {
    await classifier.dispose();
  }
}

type Scores = (x: tf.Tensor) => tf.Tensor;

/** What TensorFlow.js computes, with its own gradients. */
export function ofTfjs(model: Scores, asked: Question): Answer {
  const { count, shape, classes, data, cotangent } = asked;
  return tf.tidy(() => {
    const x = tf.tensor(data, [count, ...shape]);
    const scores: Scores = (point) => tf.reshape(model(point), [count, classes]);
    const weights = tf.tensor(cotangent, [count, classes]);
    const slope = tf.grad((point) => tf.sum(tf.mul(scores(point), weights)))(x);
    return { logits: scores(x).dataSync() as Float32Array, gradient: slope.dataSync() as Float32Array };
  });
}

/**
 * What TensorFlow.js computes, with gradients from differences of its results: where it has no gradient of its own, or a wrong one.
 * The differences at a step and at twice the step are combined such that all terms up to the fourth derivative vanish.
 */
export function ofTfjsByDifferences(model: Scores, asked: Question, step = 1 / 16): Answer {
  const { count, shape, classes, data, cotangent } = asked;
  const size = elementCount(shape);
  const offsets = [step, -step, 2 * step, -2 * step] as const;
  const gradient = new Float32Array(count * size);
  const scoresOf = (rows: Float32Array): Float32Array =>
    tf.tidy(() => model(tf.tensor(rows, [rows.length / size, ...shape])).dataSync() as Float32Array);
  for (let row = 0; row < count; row++) {
    const moved = new Float32Array(offsets.length * size * size);
    offsets.forEach((offset, k) => {
      for (let i = 0; i < size; i++) {
        const at = (k * size + i) * size;
        moved.set(sliceRow(data, row, size), at);
        moved[at + i]! += offset;
      }
    });
    const scores = scoresOf(moved);
    const value = (k: number, i: number): number =>
      sliceRow(scores, k * size + i, classes).reduce(
        (sum, score, c) => sum + score * cotangent[row * classes + c]!,
        0,
      );
    for (let i = 0; i < size; i++) {
      const near = (value(0, i) - value(1, i)) / (2 * step);
      const far = (value(2, i) - value(3, i)) / (4 * step);
      gradient[row * size + i] = (4 * near - far) / 3;
    }
  }
  return { logits: scoresOf(data), gradient };
}

/** Largest differences between two answers over the examples. */
export interface Agreement {
  /** Of a logit, relative to the largest of its example, or to 1. */
  readonly logits: number;
  /** L2 norm of the difference of an example's gradient, relative to that of the expected one. */
  readonly gradient: number;
}

export function agreement(found: Answer, expected: Answer, { count }: Question): Agreement {
  const rows = Array.from({ length: count }, (_, row) => {
    const [a, b] = [found, expected].map(({ logits }) => sliceRow(logits, row, logits.length / count)) as [
      Float32Array,
      Float32Array,
    ];
    const [g, h] = [found, expected].map(({ gradient }) =>
      sliceRow(gradient, row, gradient.length / count),
    ) as [Float32Array, Float32Array];
    const difference = (x: Float32Array, y: Float32Array): number[] => Array.from(x, (v, i) => v - y[i]!);
    return {
      logits: Math.max(...difference(a, b).map(Math.abs)) / Math.max(1, ...Array.from(b, Math.abs)),
      gradient: Math.hypot(...difference(g, h)) / Math.max(Math.hypot(...h), 1e-30),
    };
  });
  return {
    logits: Math.max(...rows.map(({ logits }) => logits)),
    gradient: Math.max(...rows.map(({ gradient }) => gradient)),
  };
}

/** Holds the agreement to 1e-5 for logits, and to 1e-4 for gradients unless they come from differences. */
export function expectAgreement({ logits, gradient }: Agreement, tolerance = 1e-4): void {
  expect(logits).toBeLessThan(1e-5);
  expect(gradient).toBeLessThan(tolerance);
}

/** A model of layers as a function of a batch. */
export const apply =
  (model: layers.LayersModel): Scores =>
  (x) =>
    model.apply(x) as tf.Tensor;
