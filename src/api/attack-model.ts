import { GauntletError } from '../errors.js';
import type { EngineChoice } from '../engine/choice.js';
import {
  stagesOf,
  type CellSpec,
  type CellResult,
  type CompletedCell,
  type ModelReference,
  type OwnUnits,
} from '../evaluate/cell.js';
import { crossCheck, type CrossCheck } from '../evaluate/cross-check.js';
import { localServices } from '../evaluate/local-services.js';
import { planAttack } from '../evaluate/plan.js';
import { runCells, type RunEvent } from '../evaluate/run.js';
import { readCard } from '../models/card.js';
import { resolveModel, type ModelOptions } from '../models/reference.js';
import { resizeOf } from '../models/resize.js';
import type { Split } from '../data/dataset.js';
import type { GoalSpec, ThreatSpec } from '../plugin/threat.js';
import type { ModelSource } from './live-models.js';
import { openRuntime, type ExecutionOptions, type Runtime, type RuntimeOptions } from './runtime.js';

/** One attack on one model. */
export interface AttackModelRequest {
  /**
   * Zoo id, path of an ONNX file or of the model.json of a TensorFlow.js model; URL of a model behind HTTP, path of a module that
   * exports a definition, or a definition itself.
   */
  readonly model: ModelSource;
  /** Path of its card, if it is not beside the model. */
  readonly card?: string;
  /** Data set id or path; the one the model's card names by default. */
  readonly data?: string;
  /** `test` by default. */
  readonly split?: Split;
  /** Only the first so many examples; all by default. */
  readonly examples?: number;
  /** `pgd` by default. */
  readonly attack?: string;
  /** Parameters of the attack that differ from its defaults. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly threat: ThreatSpec;
  /** Untargeted by default. */
  readonly goal?: GoalSpec;
  readonly seed?: number;
  /** Model to take gradients from, for transfer attacks. */
  readonly surrogate?: ModelSource;
  /**
   * Whether gradients, those of the surrogate too, pass operators whose derivative is zero almost everywhere; what the
   * model's card says by default.
   */
  readonly straightThrough?: boolean;
  /** Attack the model in the units of its file, without its card's preprocessing: lowest and highest legal input value. */
  readonly ownUnits?: OwnUnits;
  /** Graph output that holds the logits; what the card says, or the one that looks like them, by default. */
  readonly output?: string;
  /** Value that holds the penultimate layer; what the card says by default. */
  readonly features?: string;
}

export interface AttackModelOptions extends RuntimeOptions, ExecutionOptions {
  /** Called before the attack starts. */
  readonly onPlan?: (spec: CellSpec) => void;
  readonly onEvent?: (event: RunEvent) => void;
  /** Another engine, on which every adversarial example is verified once more. */
  readonly verifyEngine?: EngineChoice;
}

/** What became of an attack. */
export interface AttackedModel {
  readonly spec: CellSpec;
  readonly cell: CellResult;
  /** The fooled inputs as an .npz file; null when there are none. */
  readonly witnesses: Uint8Array | null;
  /** What the other engine makes of them, where one was named and the cell is completed. */
  readonly verification?: CrossCheck;
}

/**
 * Attacks a model and returns the judged cell, whatever became of it.
 * @throws GauntletError for a request that makes no sense (unknown names, parameters out of range, data that do not fit);
 *   the signal's reason when aborted
 */
export async function attackModel(
  request: AttackModelRequest,
  options: AttackModelOptions = {},
): Promise<AttackedModel> {
  const runtime = await openRuntime(options);
  try {
    const spec = await plan(request, runtime);
    options.onPlan?.(spec);
    const surrogates = stagesOf(spec).flatMap(({ surrogate }) => surrogate ?? []);
    const executor = runtime.executor(options, [spec.model, ...surrogates]);
    let witnesses: Uint8Array | null = null;
    try {
      const [cell] = await runCells([spec], {
        executor,
        engine: runtime.engine,
        signal: options.signal ?? new AbortController().signal,
        sink: {
          finished: () => Promise.resolve(null),
          save: (_cell, bytes) => {
            witnesses = bytes;
            return Promise.resolve();
          },
        },
        ...(options.batchSize === undefined ? {} : { batchSize: options.batchSize }),
        ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
      });
      const { verifyEngine } = options;
      return {
        ...{ spec, cell: cell!, witnesses },
        ...(verifyEngine !== undefined &&
          cell?.status === 'completed' && {
            verification: await verifyOn(verifyEngine, spec.model, cell, witnesses),
          }),
      };
    } finally {
      await executor.close();
    }
  } finally {
    await runtime.close();
  }
}

async function verifyOn(
  engine: EngineChoice,
  model: ModelReference,
  cell: CompletedCell,
  witnesses: Uint8Array | null,
): Promise<CrossCheck> {
  const services = await localServices({ engine });
  try {
    const { id, version } = services.engine;
    return await crossCheck(cell, witnesses, await services.classifier(model), { id, version });
  } finally {
    await services.dispose();
  }
}

async function plan(request: AttackModelRequest, runtime: Runtime): Promise<CellSpec> {
  const { split = 'test', attack = 'pgd', goal = { kind: 'untargeted' }, seed = 0 } = request;
  const gradient = request.straightThrough === undefined ? {} : { straightThrough: request.straightThrough };
  const card = request.card === undefined ? {} : { card: request.card };
  const units = request.ownUnits === undefined ? {} : { ownUnits: request.ownUnits };
  const output = request.output === undefined ? {} : { output: request.output };
  const features = request.features === undefined ? {} : { features: request.features };
  const choices = { ...card, ...gradient, ...units, ...output, ...features };
  const model = await modelOf(request.model, choices, runtime);
  const { dataDir } = runtime.planning;
  const data = {
    source: request.data ?? (await dataOfCard(model)),
    split,
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(await resizeOf([model])),
  };
  const dataset = await runtime.services.dataset({ ...data, fingerprint: '', indices: [] });
  const count = request.examples ?? dataset.length;
  const surrogate =
    request.surrogate === undefined ? undefined : await modelOf(request.surrogate, gradient, runtime);
  // Loading the model now turns a broken file into an error instead of a failed cell.
  await runtime.services.classifier(model);
  if (surrogate !== undefined) await runtime.services.classifier(surrogate);
  return planAttack(
    {
      model,
      data,
      indices: Array.from({ length: count }, (_value, i) => i),
      attack,
      parameters: request.parameters ?? {},
      threat: request.threat,
      goal,
      seed,
      ...(surrogate === undefined ? {} : { surrogate }),
    },
    runtime.planning,
  );
}

async function modelOf(
  source: ModelSource,
  options: ModelOptions,
  { live }: Runtime,
): Promise<ModelReference> {
  return live.resolve(source, options) ?? resolveModel(source as string, options);
}

async function dataOfCard({ id, card }: ModelReference): Promise<string> {
  const source = card === undefined ? undefined : (await readCard(card)).data?.source;
  if (source !== undefined) return source;
  throw new GauntletError('USAGE', `No data were given, and no card says what ${id} was made for.`, {
    help: 'Give --data: an id such as mnist, or the path of an .npz file or a folder.',
  });
}
