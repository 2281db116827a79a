import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { scoresClassifier } from '../classifier/scores-classifier.js';
import { definedClassifier } from '../classifier/defined-classifier.js';
import type { EngineClassifier } from '../classifier/engine-classifier.js';
import type { Engine } from '../engine/engine.js';
import { GauntletError } from '../errors.js';
import type { ModelReference } from '../evaluate/cell.js';
import type { Services } from '../evaluate/services.js';
import { sha256 } from '../fingerprint.js';
import { readCard } from '../models/card.js';
import { checkDefinition } from '../models/defined/check.js';
import type { Limits, HttpModel, ModelDefinition } from '../models/defined/definition.js';
import { openCode, type ModuleFile, type OpenModel } from '../models/defined/open-model.js';
import { isEndpoint } from '../models/http/address.js';
import { openEndpoint } from '../models/http/open.js';
import type { ModelOptions } from '../models/reference.js';
import { importDefault } from '../plugin/load.js';

/** A model as the functions of this package take it: zoo id, path, URL, module that exports a definition, or a definition. */
export type ModelSource = string | ModelDefinition;

/** What the command line says of models that are no files; it wins over what they say. */
export type OwnModelOptions = Pick<Limits, 'queryBudget' | 'rateLimit'> &
  Pick<HttpModel, 'timeout' | 'retries' | 'headers'>;

/** How a model is opened, as far as it matters for one that is no file. */
type OpenOptions = Pick<ModelOptions, 'card' | 'output' | 'ownUnits'> & {
  /**
   * The name comes from a file that may be a stranger's (a suite) and not from the user: no code is run for it, and no header sent
   * to it.
   */
  readonly fromFile?: boolean;
};

/** Whether a name is that of a module: a model that is code. */
const isModule = (name: string): boolean => /\.[cm]?[jt]s$/.test(name);

/** Whether a model is no file. */
export const isOwn = (model: ModelSource): model is ModelSource =>
  typeof model !== 'string' || isEndpoint(model) || isModule(model);

/** The models of this process that are no files, opened once; what may be asked of them is shared by the whole run. */
export class LiveModels {
  private readonly models = new Map<string, { readonly model: OpenModel; readonly source: unknown }>();
  private readonly losses = new Map<number, Promise<EngineClassifier>>();

  constructor(
    private readonly engine: Engine,
    private readonly options: OwnModelOptions = {},
    private readonly signal: AbortSignal = new AbortController().signal,
  ) {}

  /**
   * Opens a model; undefined for one that is a file.
   * @throws GauntletError MODEL_NOT_FOUND, MODEL_INVALID, USAGE, and what openEndpoint and importing a module throw.
   */
  resolve(source: ModelSource, options: OpenOptions = {}): Promise<ModelReference> | undefined {
    return isOwn(source) ? this.open(source, options) : undefined;
  }

  /** The services, with these models among those that can be asked. */
  joined<S extends Services>(services: S): S {
    return {
      ...services,
      classifier: (reference: ModelReference, signal = this.signal) => {
        if (reference.declared === undefined) return services.classifier(reference, signal);
        const known = this.models.get(reference.sha256);
        if (known === undefined)
          throw new GauntletError('INTERNAL', `${reference.id} (${reference.path}) was not opened here.`);
        const { model } = known;
        return Promise.resolve(definedClassifier(model, () => this.lossesOf(model.numClasses), signal));
      },
    };
  }

  /** Frees native memory. */
  async dispose(): Promise<void> {
    for (const classifier of this.losses.values()) await (await classifier).dispose();
    this.losses.clear();
  }

  private async open(
    source: ModelSource,
    { card, output, ownUnits, fromFile = false }: OpenOptions,
  ): Promise<ModelReference> {
    if (fromFile && typeof source === 'string' && isModule(source)) {
      throw new GauntletError(
        'MODEL_INVALID',
        `a file names the module ${source} as a model; only you can have code run`,
        {
          help: 'Name it with --models or --model if you trust it.',
        },
      );
    }
    const { definition, module } = await definitionOf(source);
    if (ownUnits !== undefined)
      throw new GauntletError('USAGE', 'A VNN-LIB instance is in the units of a file; this model is none.');
    const opened =
      definition.kind === 'code'
        ? this.openOwnCode(definition, { card, output }, module)
        : await openEndpoint(
            {
              ...{ ...definition, ...this.options, ...(output !== undefined && { output }) },
              ...(fromFile && { headers: {} }),
            },
            card === undefined ? undefined : await readCard(card),
            this.signal,
          );
    const model = {
      ...opened,
      reference: { ...opened.reference, ...(card !== undefined && { card: resolve(card) }) },
    };
    const { sha256: identity } = model.reference;
    const identical = typeof source === 'string' ? source : definition;
    const known = this.models.get(identity);
    if (known === undefined) this.models.set(identity, { model, source: identical });
    else if (known.source !== identical) {
      throw new GauntletError(
        'MODEL_INVALID',
        `two models are called "${model.reference.id}" and cannot be told apart`,
        {
          help: 'Give each its own id or version.',
        },
      );
    }
    return model.reference;
  }

  private openOwnCode(
    definition: Extract<ModelDefinition, { kind: 'code' }>,
    { card, output }: { card: string | undefined; output: string | undefined },
    module: ModuleFile | undefined,
  ): OpenModel {
    if (card !== undefined || output !== undefined) {
      throw new GauntletError(
        'USAGE',
        `${definition.id} is code, which describes itself: it takes no card and no --output.`,
      );
    }
    const { queryBudget, rateLimit } = this.options;
    const limits = {
      ...(queryBudget !== undefined && { queryBudget }),
      ...(rateLimit !== undefined && { rateLimit }),
    };
    return openCode({ ...definition, ...limits }, module);
  }

  private lossesOf(numClasses: number): Promise<EngineClassifier> {
    const known = this.losses.get(numClasses) ?? scoresClassifier(this.engine, numClasses);
    this.losses.set(numClasses, known);
    return known;
  }
}

async function definitionOf(
  source: ModelSource,
): Promise<{ readonly definition: ModelDefinition; readonly module?: ModuleFile }> {
  if (typeof source !== 'string') {
    checkDefinition(source);
    return { definition: source };
  }
  if (isEndpoint(source)) return { definition: { kind: 'http', url: source } };
  const path = resolve(source);
  if (!existsSync(path)) throw new GauntletError('MODEL_NOT_FOUND', `no model at ${path}`);
  const definition = await importDefault(path);
  checkDefinition(definition, path);
  return { definition, module: { path, sha256: sha256(await readFile(path)) } };
}
