import { beforeAll, expect, it } from '@jest/globals';
import type { BackendName } from '../../../src/engine/choice.js';
import type { Engine } from '../../../src/engine/engine.js';
import { addOwnGradient } from '../../../src/engine/own-gradient.js';
import { createTfjsEngine } from '../../../src/engine/tfjs/engine.js';
import { operators } from '../../../src/engine/tfjs/operators/index.js';
import { tf } from '../../../src/engine/tfjs/tf.js';
import { GraphBuilder, int } from '../../../src/graph/builder.js';
import type { Graph } from '../../../src/graph/ir.js';
import type { Tensor } from '../../../src/tensor/tensor.js';
import { cases } from '../../graph/autodiff/cases/index.js';
import { anyShape, buildFunction, centralDifference, dot } from '../../graph/autodiff/gradient-check.js';
import { randomOf } from '../../graph/autodiff/random.js';
import {
  normalTensor,
  sampleInputs,
  toDouble,
  toDoubles,
  type TestFunction,
} from '../../graph/autodiff/test-function.js';
import { evaluateReference } from '../../reference/evaluate.js';

/** Cases of an operator that this engine runs, in a way that it does not. */
const REFUSED = /(Conv|Pool|ConvTranspose) .*three axes|MaxPool with dilation|in training mode/;

const BATCH = 2;
const COTANGENT = 'cotangent/';

/** The graph with the gradient of all of its outputs, each projected on its cotangent, with respect to one input. */
function withOwnGradient(forward: Graph, source: string): { graph: Graph; gradient: string } {
  const builder = new GraphBuilder(forward);
  const projected = forward.outputs.map(({ name }) => {
    const cotangent = builder.input(`${COTANGENT}${name}`, 'float32', []);
    return builder.add('ReduceSum', [builder.add('Mul', [name, cotangent])], { keepdims: int(0) });
  });
  const value = projected.length === 1 ? projected[0]! : builder.add('Sum', projected);
  const how = { value, cotangent: builder.scalar(1), input: source, straightThrough: false };
  const gradient = addOwnGradient(builder, how);
  return { graph: { ...builder.build(), outputs: [...forward.outputs, anyShape(gradient)] }, gradient };
}

/** L2 norm of the difference, relative to that of the expected. */
function difference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  const off = Array.from(found, (value, i) => value - expected[i]!);
  return Math.sqrt(dot(off, off) / (dot(expected, expected) || 1));
}

const operatorsOf = (fn: TestFunction): string[] => {
  const builder = new GraphBuilder({ name: fn.name, opsets: { '': 17 } });
  fn.build(builder);
  return [...new Set(builder.build().nodes.map(({ op }) => op))];
};

const shared = cases.filter(
  (fn) => operatorsOf(fn).every((op) => operators.has(op)) && !REFUSED.test(fn.name),
);

/** Operators of the cases that the engine does not have. */
export const absentOperators = (): string[] =>
  [...new Set(cases.flatMap(operatorsOf))].filter((op) => !operators.has(op)).sort();

/** Tests values and gradients of every case on a backend. */
export function itAgreesInDouble(backend: BackendName): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createTfjsEngine(backend);
  });

  it.each(shared.map((fn, seed) => ({ name: fn.name, fn, seed })))('of $name', async ({ fn, seed }) => {
    const random = randomOf(seed);
    const inputs = sampleInputs(fn, BATCH, random);
    const forward = buildFunction(fn, [], inputs);
    const expected = evaluateReference(forward, toDoubles(inputs));
    const cotangents = new Map<string, Tensor>(
      forward.outputs.map(({ name }) => [name, normalTensor(expected.get(name)!.dims, random)]),
    );
    const sources = forward.inputs.filter(({ type }) => type === 'float32').map(({ name }) => name);
    for (const source of sources) {
      const { graph, gradient } = withOwnGradient(forward, source);
      const tensors = tf.memory().numTensors;
      const session = await engine.compile(graph);
      const results = await session.run({
        ...inputs,
        ...Object.fromEntries([...cotangents].map(([name, tensor]) => [`${COTANGENT}${name}`, tensor])),
      });
      await session.release();
      expect(tf.memory().numTensors).toBe(tensors);
      for (const { name } of forward.outputs) {
        expect(results[name]!.dims).toEqual(expected.get(name)!.dims);
        expect(difference(toDouble(results[name]!).data, expected.get(name)!.data)).toBeLessThan(1e-5);
      }
      const found = results[gradient]!;
      expect({ source, dims: found.dims }).toEqual({ source, dims: inputs[source]!.dims });
      const direction = normalTensor(found.dims, random);
      const numeric = centralDifference(forward, inputs, cotangents, source, direction);
      const [g, d] = [toDouble(found).data, toDouble(direction).data];
      const scale = Math.sqrt(dot(g, g) * dot(d, d)) || 1;
      expect({ source, error: Math.abs(dot(g, d) - numeric) / scale < 1e-4 }).toEqual({
        source,
        error: true,
      });
    }
  });
}
