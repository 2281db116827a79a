import type { GraphBuilder } from '../../../src/graph/builder.js';
import { BATCH, type Dimension } from '../../../src/graph/ir.js';
import { floatTensor } from '../../../src/tensor/tensor.js';
import { buildFunction, cotangentOf, engine, gradientGraph } from './gradient-check.js';

/** Gradient of the sum of the outputs, each weighted by `weights` where given, at a point given exactly. */
export async function gradientAt(
  inputs: Readonly<Record<string, { dims: readonly number[]; values: readonly number[] }>>,
  build: (builder: GraphBuilder) => string,
  outputDims: readonly number[],
  weights?: readonly number[],
): Promise<Record<string, number[]>> {
  const names = Object.keys(inputs);
  const batched = ([first, ...rest]: readonly number[]): Dimension[] =>
    first === 1 ? [BATCH, ...rest] : [first!, ...rest];
  const specs = Object.fromEntries(names.map((name) => [name, { dims: batched(inputs[name]!.dims) }]));
  const forward = buildFunction({ name: 'at a tie', inputs: specs, build }, [], {});
  const { graph, gradients } = await gradientGraph(forward, names);
  const session = await engine.compile(graph);
  const count = outputDims.reduce((product, dim) => product * dim, 1);
  const cotangent = floatTensor(Float32Array.from(weights ?? new Array<number>(count).fill(1)), outputDims);
  const feeds = names.map((name) => {
    const { dims, values } = inputs[name]!;
    return [name, floatTensor(Float32Array.from(values), dims)] as const;
  });
  const results = await session.run({
    ...Object.fromEntries(feeds),
    [cotangentOf(forward.outputs[0]!.name)]: cotangent,
  });
  await session.release();
  // Adding 0 makes -0 and 0 the same.
  return Object.fromEntries(
    names.map((name) => [
      name,
      Array.from(results[gradients.get(name)!]!.data as Float32Array, (value) => value + 0),
    ]),
  );
}

/** Gradient of the sum of a function's elements, taken at one row of `values`. */
export const unaryGradientAt = async (
  values: readonly number[],
  build: (builder: GraphBuilder) => string,
): Promise<number[]> =>
  (await gradientAt({ x: { dims: [1, values.length], values } }, build, [1, values.length]))['x']!;
