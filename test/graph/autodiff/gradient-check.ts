import { expect } from '@jest/globals';
import { createOnnxRuntimeEngine } from '../../../src/engine/onnxruntime/engine.js';
import { runnerOf } from '../../../src/engine/runner.js';
import { differentiate } from '../../../src/graph/autodiff/differentiate.js';
import { GraphBuilder } from '../../../src/graph/builder.js';
import type { Graph, ValueInfo } from '../../../src/graph/ir.js';
import { inferShapes } from '../../../src/graph/shapes.js';
import type { Tensor } from '../../../src/tensor/tensor.js';
import { evaluateReference } from '../../reference/evaluate.js';
import { randomOf } from './random.js';
import {
  isWeight,
  normalTensor,
  sampleInputs,
  toDouble,
  toDoubles,
  type TestFunction,
} from './test-function.js';

/**
 * How the inputs without a batch axis (weights) enter: as inputs whose gradient is asked for too, or as constants,
 * with which rules may compute beforehand.
 */
export type WeightMode = 'variable weights' | 'constant weights';

const BATCH_SIZES = [1, 3];
/** Relative to the norms of gradient and direction. */
const TOLERANCE = 1e-5;
/** Step of the central differences, in float64. */
const STEP = 1e-5;

export const engine = await createOnnxRuntimeEngine();

/**
 * Checks the gradient of one function at a random point. At each batch size, with one and the same compiled gradient
 * graph: the outputs agree with the float64 interpreter's, and the derivative of a random projection of the outputs
 * along a random direction of each input agrees with the interpreter's central difference.
 */
export async function checkGradients(fn: TestFunction, mode: WeightMode, seed: number): Promise<void> {
  const random = randomOf(seed);
  const points = new Map(BATCH_SIZES.map((batch) => [batch, sampleInputs(fn, batch, random)]));
  const names = Object.keys(fn.inputs);
  const fixed = mode === 'constant weights' ? names.filter((name) => isWeight(fn, name)) : [];
  const sources = names.filter((name) => !fixed.includes(name) && fn.inputs[name]!.type !== 'int64');
  const forward = buildFunction(fn, fixed, points.get(BATCH_SIZES[0]!)!);
  const outputs = forward.outputs.map((output) => output.name);
  const { graph, gradients } = await gradientGraph(forward, sources);
  const session = await engine.compile(graph);
  try {
    for (const batch of BATCH_SIZES) {
      const drawn = points.get(batch)!;
      const inputs = Object.fromEntries(
        names.map((name) => [name, forward.initializers.get(name) ?? drawn[name]!]),
      );
      await checkPoint(inputs, batch);
    }
  } finally {
    await session.release();
  }

  async function checkPoint(inputs: Readonly<Record<string, Tensor>>, batch: number): Promise<void> {
    const expected = evaluateReference(forward, toDoubles(inputs));
    const cotangents = new Map(outputs.map((name) => [name, normalTensor(expected.get(name)!.dims, random)]));
    const results = await session.run({
      ...Object.fromEntries(Object.entries(inputs).filter(([name]) => !fixed.includes(name))),
      ...Object.fromEntries([...cotangents].map(([name, tensor]) => [cotangentOf(name), tensor])),
    });
    for (const name of outputs) expectSame(results[name]!, expected.get(name)!);
    for (const source of sources) {
      const gradient = results[gradients.get(source)!]!;
      expect({ source, dims: gradient.dims }).toEqual({ source, dims: inputs[source]!.dims });
      const direction = normalTensor(gradient.dims, random);
      const numeric = centralDifference(forward, inputs, cotangents, source, direction);
      expectSlope({ fn: fn.name, mode, source, batch }, gradient, direction, numeric);
    }
  }
}

export const cotangentOf = (output: string): string => `cotangent/${output}`;

/** A float32 graph output whose shape is left for ONNX Runtime to find. */
export const anyShape = (name: string): ValueInfo => ({
  name,
  type: 'float32',
  dims: [],
  undeclared: 'shape',
});

/** The function as a graph, with the `fixed` inputs as initializers of the given values. */
export function buildFunction(
  fn: TestFunction,
  fixed: readonly string[],
  values: Readonly<Record<string, Tensor>>,
): Graph {
  const builder = new GraphBuilder({ name: fn.name, opsets: { '': 17 } });
  for (const [name, { dims, type }] of Object.entries(fn.inputs)) {
    if (fixed.includes(name)) builder.initializer(name, values[name]!);
    else builder.input(name, type ?? 'float32', dims);
  }
  const built = fn.build(builder);
  const outputs = typeof built === 'string' ? [built] : built;
  return { ...builder.build(), outputs: outputs.map(anyShape) };
}

/** The graph that takes a cotangent for each output, and returns the gradients of `sources` beside the outputs. */
export async function gradientGraph(forward: Graph, sources: readonly string[]) {
  const shapes = await inferShapes(forward, runnerOf(engine));
  const builder = new GraphBuilder(forward);
  const cotangents = forward.outputs.map(({ name }) => {
    const dims = shapes
      .get(name)!
      .dims.map((dim, axis) => (typeof dim === 'number' ? dim : `${name}/${axis}`));
    return [name, builder.input(cotangentOf(name), 'float32', dims)] as const;
  });
  const { graph, gradients } = differentiate(builder.build(), shapes, {
    cotangents: Object.fromEntries(cotangents),
    withRespectTo: sources,
  });
  return {
    graph: { ...graph, outputs: [...graph.outputs, ...[...gradients.values()].map(anyShape)] },
    gradients,
  };
}

/** Derivative along `direction` of the sum of all outputs, each projected on its cotangent. */
export function centralDifference(
  forward: Graph,
  inputs: Readonly<Record<string, Tensor>>,
  cotangents: ReadonlyMap<string, Tensor>,
  source: string,
  direction: Tensor,
): number {
  const projection = (step: number): number => {
    const feeds = toDoubles(inputs);
    const { dims, data } = feeds[source]!;
    const along = toDouble(direction).data;
    feeds[source] = { dims, data: data.map((value, i) => value + step * along[i]!) };
    const values = evaluateReference(forward, feeds);
    return [...cotangents].reduce(
      (sum, [name, tensor]) => sum + dot(values.get(name)!.data, toDouble(tensor).data),
      0,
    );
  };
  return (projection(STEP) - projection(-STEP)) / (2 * STEP);
}

/** Fails unless gradient and central difference agree, showing both. */
export function expectSlope(context: object, gradient: Tensor, direction: Tensor, numeric: number): void {
  const [g, d] = [toDouble(gradient).data, toDouble(direction).data];
  const analytic = dot(g, d);
  // A gradient that is zero as a whole has no scale of its own.
  const scale = Math.sqrt(dot(g, g) * dot(d, d)) || 1;
  const error = Math.abs(analytic - numeric) / scale;
  if (!(error <= TOLERANCE)) throw new Error(JSON.stringify({ ...context, analytic, numeric, error }));
}

function expectSame(
  found: Tensor,
  expected: { readonly dims: readonly number[]; readonly data: Float64Array },
): void {
  expect(found.dims).toEqual(expected.dims);
  const { data } = toDouble(found);
  const difference = data.map((value, i) => value - expected.data[i]!);
  const norm = (vector: Float64Array): number => Math.sqrt(dot(vector, vector));
  expect(norm(difference)).toBeLessThanOrEqual(TOLERANCE * (norm(expected.data) || 1));
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
