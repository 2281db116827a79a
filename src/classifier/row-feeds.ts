import type { Session } from '../engine/engine.js';
import type { Graph } from '../graph/ir.js';
import { takeRows } from '../tensor/batch.js';
import { elementCount, type Tensor } from '../tensor/tensor.js';

/** Values for each input of a graph, one row per example. */
export type RowFeeds = Readonly<Record<string, Float32Array>>;

/** Alignment in bytes that memory of its own has; sums over an input begin at such a boundary. */
const ALIGNMENT = 16;

/** The given rows of every input, in that order. */
export function takeFeeds(graph: Graph, feeds: RowFeeds, rows: readonly number[]): RowFeeds {
  return Object.fromEntries(
    graph.inputs.map(({ name, dims }) => [
      name,
      takeRows(feeds[name]!, rows, elementCount(dims.slice(1) as number[])),
    ]),
  );
}

/** Rows `from` up to `to` of every input, without copying. */
export function sliceFeeds(graph: Graph, feeds: RowFeeds, from: number, to: number): RowFeeds {
  return Object.fromEntries(
    graph.inputs.map(({ name, dims }) => {
      const size = elementCount(dims.slice(1) as number[]);
      return [name, feeds[name]!.subarray(from * size, to * size)];
    }),
  );
}

/** Runs a graph once on `count` rows. */
export async function runRows(
  session: Session,
  graph: Graph,
  feeds: RowFeeds,
  count: number,
  fetches: readonly string[],
): Promise<Float32Array[]> {
  const tensors = graph.inputs.map(({ name, dims }): [string, Tensor] => [
    name,
    { type: 'float32', dims: [count, ...(dims.slice(1) as number[])], data: aligned(feeds[name]!) },
  ]);
  const results = await session.run(Object.fromEntries(tensors), fetches);
  return fetches.map((name) => results[name]!.data as Float32Array);
}

/** The values at the start of memory of their own if they begin at an odd address, where the engine sums in another order. */
function aligned(data: Float32Array): Float32Array {
  return data.byteOffset % ALIGNMENT === 0 ? data : data.slice();
}
