import type { Graph, GraphRunner } from '../graph/ir.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Engine } from './engine.js';

/** Initializers of at least so many bytes are fed. */
const LARGE = 65_536;

/**
 * Runs graphs that are needed only once: compile, run, release. Large weights are fed like inputs, which engines read in
 * place, so that a graph that is only probed costs no copy of its weights. A graph the engine takes with constant weights
 * only gets them as constants.
 */
export function runnerOf(engine: Engine): GraphRunner {
  const once = async (graph: Graph, feeds: Readonly<Record<string, Tensor>>) => {
    const session = await engine.compile(graph);
    try {
      return await session.run(feeds);
    } finally {
      await session.release();
    }
  };
  return async (graph, feeds) => {
    const { opened, weights } = withFedWeights(graph);
    if (Object.keys(weights).length === 0) return once(graph, feeds);
    try {
      return await once(opened, { ...feeds, ...weights });
    } catch {
      return once(graph, feeds);
    }
  };
}

/** The graph with its large initializers as inputs, and what to feed these with. */
function withFedWeights(graph: Graph): { opened: Graph; weights: Record<string, Tensor> } {
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const isFed = ([name, { data }]: [string, Tensor]): boolean =>
    data.byteLength >= LARGE && !outputs.has(name);
  const fed = [...graph.initializers].filter(isFed);
  const opened = {
    ...graph,
    initializers: new Map([...graph.initializers].filter((entry) => !isFed(entry))),
    inputs: [...graph.inputs, ...fed.map(([name, { type, dims }]) => ({ name, type, dims }))],
  };
  return { opened, weights: Object.fromEntries(fed) };
}
