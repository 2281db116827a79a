import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { EngineChoice } from '../engine/choice.js';
import { GauntletError, messageOf } from '../errors.js';
import type { CompletedCell, CorruptionPlan, ModelReference } from '../evaluate/cell.js';
import { localServices } from '../evaluate/local-services.js';
import { replayCell, type ReplayReport } from '../evaluate/replay.js';
import { replayCorruption } from '../evaluate/replay-corruption.js';
import { resolveModel } from '../models/reference.js';
import { RUN_FILES } from '../results/layout.js';
import { parseResult } from '../results/validate.js';
import { LiveModels, type ModelSource, type OwnModelOptions } from './live-models.js';

/** Where things are now, if they have moved. */
export interface ReplayOptions {
  /** Needed for a model that was a definition in memory. */
  readonly model?: ModelSource;
  readonly card?: string;
  /** What models that are no files may be asked and how. */
  readonly ownModels?: OwnModelOptions;
  /** Folder that holds data sets by id, for corruptions. */
  readonly dataDir?: string;
  readonly frostTextures?: string;
  readonly archive?: string;
  /** The engine to verify on; the native one by default. */
  readonly engine?: EngineChoice;
}

/**
 * Verifies the stored adversarial examples of a cell file; of a corruption, which stores none, all images, made again.
 * @param path of the cell's JSON, in the `cells` folder of a run
 * @throws GauntletError RUN_NOT_FOUND, RESULT_INVALID, MODEL_NOT_FOUND, WITNESS_INVALID (the model or the witness file is not
 *   the one the cell recorded)
 */
export async function replayStoredCell(path: string, options: ReplayOptions = {}): Promise<ReplayReport> {
  const cell = parseResult('cell', await readText(path), path);
  if (cell.status !== 'completed') {
    throw new GauntletError(
      'RUN_INCOMPLETE',
      `${path} has nothing to replay: it is ${cell.status} (${cell.reason.message}).`,
    );
  }
  const local = await localServices(options.engine && { engine: options.engine });
  const live = new LiveModels(local.engine, options.ownModels);
  const services = live.joined(local);
  try {
    const model = await modelOf(cell, options, live);
    if (cell.plan.kind === 'corruption') {
      const { dataDir } = options;
      const plan = planNow(cell.plan, options);
      return await replayCorruption(cell, {
        model,
        plan,
        services,
        ...(dataDir === undefined ? {} : { dataDir }),
      });
    }
    const bytes = cell.witnesses === null ? new Uint8Array() : await readWitnesses(path, cell.witnesses.file);
    return await replayCell(cell, bytes, await services.classifier(model));
  } finally {
    await live.dispose();
    await local.dispose();
  }
}

/** The model that was attacked. @throws GauntletError WITNESS_INVALID when it is another one now. */
async function modelOf(
  { model: recorded }: CompletedCell,
  options: ReplayOptions,
  live: LiveModels,
): Promise<ModelReference> {
  const { ownUnits, output, features, file } = recorded;
  // A cell may be a stranger's: what runs code or is sent requests must be named by the user.
  if (recorded.declared !== undefined && options.model === undefined) {
    throw new GauntletError(
      'MODEL_NOT_FOUND',
      `${recorded.id} is no file that could be opened again; it was ${file}`,
      { help: 'Name its URL or module with --model, or hand the definition in as `model`.' },
    );
  }
  const source = options.model ?? file;
  const choices = {
    ...(options.card !== undefined && { card: options.card }),
    ...(ownUnits && { ownUnits }),
    ...(output !== undefined && { output }),
    ...(features !== undefined && { features }),
  };
  const model = await (live.resolve(source, choices) ?? resolveModel(source as string, choices));
  if (model.sha256 === recorded.sha256) return model;
  throw new GauntletError(
    'WITNESS_INVALID',
    `${model.path} with its card is not the model that was attacked: SHA-256 ${model.sha256}, expected ${recorded.sha256}.`,
  );
}

/** The plan of a corruption with its folders where they are now. */
function planNow(plan: CorruptionPlan, { frostTextures, archive }: ReplayOptions): CorruptionPlan {
  const at = <T extends object>(reference: T | undefined, folder: string | undefined) =>
    reference === undefined || folder === undefined ? reference : { ...reference, folder: resolve(folder) };
  const [photographs, images] = [at(plan.textures, frostTextures), at(plan.archive, archive)];
  return { ...plan, ...(photographs && { textures: photographs }), ...(images && { archive: images }) };
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new GauntletError('RUN_NOT_FOUND', `The cell cannot be read: ${messageOf(cause)}.`, {
      cause,
      help: 'Give a file of the `cells` folder of a run.',
    });
  });
}

/** Witnesses lie in the folder beside that of the cells. */
async function readWitnesses(cellPath: string, file: string): Promise<Uint8Array> {
  const path = join(dirname(dirname(resolve(cellPath))), RUN_FILES.witnesses, file);
  return readFile(path).catch((cause: unknown) => {
    throw new GauntletError('WITNESS_INVALID', `The stored examples cannot be read: ${messageOf(cause)}.`, {
      cause,
    });
  });
}
