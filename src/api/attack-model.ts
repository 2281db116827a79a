import { GauntletError } from '../errors.js';
import type { CellSpec, CellResult, ModelReference, OwnUnits } from '../evaluate/cell.js';
import { planAttack } from '../evaluate/plan.js';
import { runCells, type RunEvent } from '../evaluate/run.js';
import { readCard } from '../models/card.js';
import { resolveModel } from '../models/reference.js';
import { resizeOf } from '../models/resize.js';
import type { Split } from '../data/dataset.js';
import type { GoalSpec, ThreatSpec } from '../plugin/threat.js';
import { openRuntime, type ExecutionOptions, type Runtime, type RuntimeOptions } from './runtime.js';

/** One attack on one model. */
export interface AttackModelRequest {
  /** Zoo id, or path of an ONNX file or of the model.json of a TensorFlow.js model. */
  readonly model: string;
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
  readonly surrogate?: string;
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
}

/** What became of an attack. */
export interface AttackedModel {
  readonly spec: CellSpec;
  readonly cell: CellResult;
  /** The fooled inputs as an .npz file; null when there are none. */
  readonly witnesses: Uint8Array | null;
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
    const executor = runtime.executor(options, [spec.model]);
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
      return { spec, cell: cell!, witnesses };
    } finally {
      await executor.close();
    }
  } finally {
    await runtime.close();
  }
}

async function plan(request: AttackModelRequest, runtime: Runtime): Promise<CellSpec> {
  const { split = 'test', attack = 'pgd', goal = { kind: 'untargeted' }, seed = 0 } = request;
  const gradient = request.straightThrough === undefined ? {} : { straightThrough: request.straightThrough };
  const card = request.card === undefined ? {} : { card: request.card };
  const units = request.ownUnits === undefined ? {} : { ownUnits: request.ownUnits };
  const output = request.output === undefined ? {} : { output: request.output };
  const features = request.features === undefined ? {} : { features: request.features };
  const model = await resolveModel(request.model, { ...card, ...gradient, ...units, ...output, ...features });
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
    request.surrogate === undefined ? undefined : await resolveModel(request.surrogate, gradient);
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

async function dataOfCard({ id, card }: ModelReference): Promise<string> {
  const source = card === undefined ? undefined : (await readCard(card)).data?.source;
  if (source !== undefined) return source;
  throw new GauntletError('USAGE', `No data were given, and no card says what ${id} was made for.`, {
    help: 'Give --data: an id such as mnist, or the path of an .npz file or a folder.',
  });
}
