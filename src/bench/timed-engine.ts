import type { Engine } from '../engine/engine.js';

/** An engine with a stopwatch that runs while a graph runs. */
export interface TimedEngine extends Engine {
  /** Seconds spent inside graphs so far. */
  seconds(): number;
}

/** Wraps an engine; meant for one caller at a time, as overlapping runs would be counted twice. */
export function timedEngine(engine: Engine): TimedEngine {
  let spent = 0;
  return {
    id: engine.id,
    version: engine.version,
    seconds: () => spent,
    async compile(graph, options) {
      const session = await engine.compile(graph, options);
      return {
        release: () => session.release(),
        async run(feeds, fetches) {
          const started = performance.now();
          try {
            return await session.run(feeds, fetches);
          } finally {
            spent += (performance.now() - started) / 1000;
          }
        },
      };
    },
  };
}
