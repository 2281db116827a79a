import type { DataReference, Dataset } from '../data/dataset.js';
import { GauntletError } from '../errors.js';
import { resolveModel } from '../models/reference.js';
import { resizeOf } from '../models/resize.js';
import { resolveParameters } from '../plugin/parameters.js';
import type { GoalSpec, ThreatSpec } from '../plugin/threat.js';
import { stagesTitle } from '../suite/title.js';
import { suiteIndices, type Suite, type SuiteEntry, type SuiteStage } from '../suite/suite.js';
import { stagesOf, type AttackStage, type CellPlan, type CellSpec, type ModelReference } from './cell.js';
import type { ArchivedExamples } from './archived-images.js';
import { expandComposite } from './expand.js';
import { referenceFor, type PlanContext } from './plan-context.js';
import { planCorruption } from './plan-corruption.js';
import { specifyCell } from './specify.js';
import { requireGradients, requireSupport } from './support.js';

/** Examples that an attack with a `fit` step learns from. */
const FIT_EXAMPLES = 200;

/** One attack on one model. */
export interface AttackRequest {
  readonly model: ModelReference;
  readonly data: DataReference;
  /** Data indices to attack. */
  readonly indices: readonly number[];
  readonly attack: string;
  /** As given; defaults are filled in. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly threat: ThreatSpec;
  readonly goal: GoalSpec;
  readonly seed: number;
  readonly surrogate?: ModelReference;
}

/**
 * Plans one cell.
 * @throws GauntletError UNKNOWN_ATTACK, PARAMETER_INVALID, THREAT_UNSUPPORTED, INDEX_RANGE, and what opening the data throws.
 */
export async function planAttack(request: AttackRequest, context: PlanContext): Promise<CellSpec> {
  const dataset = await context.services.dataset({ ...request.data, fingerprint: '', indices: [] });
  requireIndices(dataset, request.indices);
  const { surrogate, ...named } = request;
  const plan = await planNamed(named, dataset, request.indices, context, surrogate);
  for (const stage of stagesOf({ plan })) {
    requireSupport(await context.services.attack(stage.attack), stage);
  }
  await requireGradients(stagesOf({ plan }), request.model, context.services);
  return specifyCell(
    {
      entry: 'norm' in request.threat ? `${request.attack}-${request.threat.norm}` : request.attack,
      title: stagesTitle('attack', [
        {
          ...named,
          parameters: namedParameters(plan),
          ...(surrogate === undefined ? {} : { surrogate: surrogate.id }),
        },
      ]),
      model: request.model,
      data: { ...request.data, fingerprint: dataset.fingerprint, indices: request.indices },
      plan,
      seed: request.seed,
    },
    context.engine,
  );
}

/**
 * Plans every cell of a suite: model by model, entry by entry.
 * @throws GauntletError UNKNOWN_ATTACK, UNKNOWN_CORRUPTION, PARAMETER_INVALID, INDEX_RANGE, and what opening the data throws.
 */
export async function planSuite(
  suite: Suite,
  models: readonly ModelReference[],
  context: PlanContext,
): Promise<CellSpec[]> {
  const data: DataReference = {
    ...suite.dataset,
    ...(context.dataDir === undefined ? {} : { dataDir: context.dataDir }),
    ...(await resizeOf(models)),
  };
  const indices = suiteIndices(suite);
  const dataset = await context.services.dataset({ ...data, fingerprint: '', indices: [] });
  requireIndices(dataset, indices);
  const planned = await Promise.all(
    suite.entries.map((entry) => planEntry(entry, dataset, indices, context)),
  );
  return models.flatMap((model) =>
    planned
      .flat()
      .map((part) =>
        specifyCell(
          { ...part, model, data: { ...data, fingerprint: dataset.fingerprint, indices }, seed: suite.seed },
          context.engine,
        ),
      ),
  );
}

/** What the name of an attack stands for: one attack, or a composite's cascade. */
async function planNamed(
  named: SuiteStage,
  dataset: Dataset,
  indices: readonly number[],
  context: PlanContext,
  surrogate?: ModelReference,
): Promise<CellPlan> {
  const expansion = await expandComposite(referenceFor(named.attack, context), named);
  if (expansion === undefined) {
    const stage = await planStage(named, dataset, indices, context, surrogate);
    return { kind: 'attack', stages: [stage] };
  }
  if (surrogate !== undefined) {
    throw new GauntletError('THREAT_UNSUPPORTED', `${named.attack} takes no surrogate model.`);
  }
  const { stages, composite } = expansion;
  return {
    kind: 'cascade',
    stages: await Promise.all(stages.map((stage) => planStage(stage, dataset, indices, context))),
    composite,
  };
}

/** The parameters, defaults filled in, of the attack or composite that was named. */
function namedParameters(plan: CellPlan): SuiteStage['parameters'] {
  if (plan.kind === 'attack') return plan.stages[0].parameters;
  return plan.kind === 'cascade' ? (plan.composite?.parameters ?? {}) : {};
}

type PlannedEntry = Pick<CellSpec, 'entry' | 'title' | 'plan'>;

async function planEntry(
  entry: SuiteEntry,
  dataset: Dataset,
  indices: readonly number[],
  context: PlanContext,
): Promise<PlannedEntry[]> {
  if (entry.kind === 'corruption') {
    return planCorruption(entry, context, await archivedExamples(dataset, indices, context));
  }
  if (entry.kind === 'attack') {
    const stage = entry.stages[0]!;
    const surrogate = await surrogateOf(stage, context);
    const plan = await planNamed(stage, dataset, indices, context, surrogate);
    return [{ entry: entry.id, title: entry.title, plan }];
  }
  const stages = await Promise.all(entry.stages.map((stage) => planStage(stage, dataset, indices, context)));
  return [{ entry: entry.id, title: entry.title, plan: { kind: entry.kind, stages } }];
}

/** The archive that corrupted images are read from, if the user named one. */
async function archivedExamples(
  dataset: Dataset,
  indices: readonly number[],
  { archive: folder, services }: PlanContext,
): Promise<ArchivedExamples | undefined> {
  if (folder === undefined) return undefined;
  return { archive: await services.archive(folder, dataset.split), dataset, indices };
}

async function surrogateOf(
  { surrogate }: SuiteStage,
  { straightThrough }: PlanContext,
): Promise<ModelReference | undefined> {
  if (surrogate === undefined) return undefined;
  return resolveModel(surrogate, straightThrough === undefined ? {} : { straightThrough });
}

async function planStage(
  { attack: id, parameters, threat, goal }: SuiteStage,
  dataset: Dataset,
  indices: readonly number[],
  context: PlanContext,
  surrogate?: ModelReference,
): Promise<AttackStage> {
  const reference = referenceFor(id, context);
  const plugin = await context.services.attack(reference);
  return {
    attack: { ...reference, version: plugin.metadata.version },
    parameters: resolveParameters(plugin.parameters, parameters, id),
    threat,
    goal,
    ...(surrogate === undefined ? {} : { surrogate }),
    ...(plugin.fit === undefined ? {} : { fitIndices: fitIndices(id, dataset, indices) }),
  };
}

/** The first examples of the data set that are not evaluated. */
function fitIndices(id: string, dataset: Dataset, evaluated: readonly number[]): number[] {
  const taken = new Set(evaluated);
  const free: number[] = [];
  for (let i = 0; i < dataset.length && free.length < FIT_EXAMPLES; i++) if (!taken.has(i)) free.push(i);
  if (free.length > 0) return free;
  throw new GauntletError(
    'INDEX_RANGE',
    `${id} learns from examples that are not evaluated, but all ${dataset.length} of ${dataset.id} are.`,
  );
}

/** @throws GauntletError INDEX_RANGE when examples are asked for that the data set does not have, or none. */
export function requireIndices(dataset: Dataset, indices: readonly number[]): void {
  const beyond = indices.find((index) => index < 0 || index >= dataset.length);
  if (beyond === undefined && indices.length > 0) return;
  throw new GauntletError(
    'INDEX_RANGE',
    indices.length === 0
      ? 'No examples were asked for.'
      : `Example ${beyond ?? 0} was asked for; ${dataset.id} (${dataset.split}) has ${dataset.length}.`,
  );
}
