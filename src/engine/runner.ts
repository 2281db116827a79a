import type { GraphRunner } from '../graph/ir.js';
import type { Engine } from './engine.js';

/** Runs graphs that are needed only once: compile, run, release. */
export function runnerOf(engine: Engine): GraphRunner {
  return async (graph, feeds) => {
    const session = await engine.compile(graph);
    try {
      return await session.run(feeds);
    } finally {
      await session.release();
    }
  };
}
