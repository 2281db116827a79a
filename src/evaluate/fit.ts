import { GauntletError } from '../errors.js';
import { countPasses, restrict } from '../classifier/counting.js';
import type { CellSpec } from './cell.js';
import { attackContext } from './context.js';
import { goalFor, readExamples, threatFor } from './inputs.js';
import type { Services } from './services.js';
import { watchAnswers, type Notes } from './watch.js';

/** Fits one stage's attack on its own slice; the state is JSON-able and handed to every shard. */
export async function fitStage(
  spec: CellSpec,
  stageIndex: number,
  services: Services,
  signal: AbortSignal,
): Promise<unknown> {
  const stage = spec.plan.kind === 'corruption' ? undefined : spec.plan.stages[stageIndex];
  if (stage?.fitIndices === undefined) {
    throw new GauntletError('INTERNAL', `Stage ${stageIndex} of ${spec.entry} has nothing to be fitted on.`);
  }
  const attack = await services.attack(stage.attack);
  if (attack.fit === undefined) {
    throw new GauntletError('INTERNAL', `${attack.metadata.id} has no fit function.`);
  }
  const classifier = await services.classifier(spec.model, signal);
  const slice = await readExamples(services, spec.data, stage.fitIndices, classifier);
  const threat = await threatFor(stage.threat, slice);
  const goal = goalFor(stage.goal, slice, classifier.numClasses, spec.seed);
  const notes: Notes = { faults: new Set(), substituted: new Set() };
  const counting = watchAnswers(countPasses(classifier), notes);
  const context = attackContext({
    attack,
    classifier: counting,
    clean: slice,
    threat,
    goal,
    seed: spec.seed,
    signal,
    loadAttack: (id) => services.attack({ id, version: '' }),
    progress: () => undefined,
  });
  const state: unknown = await attack.fit(
    restrict(counting, attack.metadata.access),
    slice,
    threat,
    goal,
    stage.parameters,
    context,
  );
  if (notes.failure !== undefined) throw notes.failure;
  // What does not survive JSON would differ between a fresh run and a resumed or distributed one.
  return JSON.parse(JSON.stringify(state ?? null)) as unknown;
}
