import { deriveVjp, simplify } from '../classifier/derive.js';
import { compileRowwise, type Grouping } from '../classifier/row-independence.js';
import type { Engine } from '../engine/engine.js';
import { runnerOf } from '../engine/runner.js';
import { findBlockers } from '../graph/autodiff/differentiate.js';
import { countFlops } from '../graph/flops.js';
import type { Graph } from '../graph/ir.js';
import { prune } from '../graph/passes/prune.js';
import { probeTensor } from '../graph/probe.js';
import { inferShapes } from '../graph/shapes.js';
import type { LoadedModel } from '../models/load.js';
import { elementCount } from '../tensor/tensor.js';
import type { Inspection } from '../results/schema/inspection.js';

export type UsableClassifier = Extract<Inspection['classifier'], { status: 'usable' }>;

/**
 * What Gauntlet makes of a model, found by deriving and running what an attack would.
 * @param byCard whether the card asks for straight-through gradients
 * @throws GauntletError ENGINE_COMPILE, ENGINE_RUN, SHAPE_INFERENCE where that fails
 */
export async function inspectClassifier(
  model: LoadedModel,
  engine: Engine,
  byCard: boolean,
): Promise<UsableClassifier> {
  const { input, numClasses, logits, softmaxRemoved, features, randomInputs } = model;
  const run = runnerOf(engine);
  const simplified = await simplify(model, run);
  const shapes = await inferShapes(simplified, run);
  const ask = { from: simplified.inputs[0]!.name, to: logits };
  const blockers = findBlockers(simplified, shapes, ask);
  const straightThrough = blockers.length > 0;
  const passes =
    !straightThrough || findBlockers(simplified, shapes, { ...ask, straightThrough }).length === 0;
  const forward = await groupingOf(prune(model.graph, [logits]), engine);
  const gradient = passes
    ? await groupingOf((await deriveVjp(model, simplified, { run, straightThrough })).graph, engine)
    : null;
  return {
    status: 'usable',
    input: { shape: [...input.shape], layout: input.layout, bounds: [...input.bounds] },
    numClasses,
    logits,
    softmaxRemoved,
    features: features ?? null,
    stochastic: randomInputs.map(({ name, shape, distribution }) => ({
      name,
      shape: [...shape],
      distribution,
    })),
    forwardFlops: countFlops(simplified, shapes),
    grouping: { forward, gradient },
    gradient:
      blockers.length === 0
        ? { status: 'passes' }
        : { status: 'blocked', blockers, straightThroughPasses: passes, straightThroughByCard: byCard },
  };
}

/** How the rows of a graph must be grouped in one thread. */
async function groupingOf(graph: Graph, engine: Engine): Promise<Grouping> {
  const probe = (rows: number) =>
    Object.fromEntries(
      graph.inputs.map(({ name, dims }) => {
        const size = rows * elementCount(dims.slice(1) as number[]);
        return [name, probeTensor('float32', [size]).data as Float32Array];
      }),
    );
  const { session, grouping } = await compileRowwise(engine, graph, probe, { threads: 1 });
  await session.release();
  return grouping;
}
