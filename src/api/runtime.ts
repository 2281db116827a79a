import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { choiceOf, type EngineChoice } from '../engine/choice.js';
import type { EngineInfo } from '../evaluate/assemble.js';
import type { ModelReference, PluginReference } from '../evaluate/cell.js';
import type { Executor } from '../evaluate/executor.js';
import { inlineExecutor } from '../evaluate/inline.js';
import { localServices, type LocalServices } from '../evaluate/local-services.js';
import type { PlanContext } from '../evaluate/plan-context.js';
import { poolExecutor } from '../evaluate/pool.js';
import { sha256 } from '../fingerprint.js';
import { openModel } from '../models/model-file.js';
import { loadPlugin } from '../plugin/registry.js';
import { openTextures } from '../data/textures.js';
import { LiveModels, type OwnModelOptions } from './live-models.js';

/** Where plugins and data come from. */
export interface RuntimeOptions {
  /** Plugin modules beside the built-in ones: paths or package names. */
  readonly plugins?: readonly string[];
  /** Folder that holds data sets by id. */
  readonly dataDir?: string;
  /** Folder of photographs of frost, for corruptions that need them. */
  readonly frostTextures?: string;
  /** What models that are no files may be asked and how; wins over what they say themselves. */
  readonly ownModels?: OwnModelOptions;
  /** The engine that models run on; the native one by default. */
  readonly engine?: EngineChoice;
}

/** How cells are run; results do not depend on it. */
export interface ExecutionOptions {
  /** Worker threads, or this thread alone; `pool` by default. */
  readonly executor?: Executor['kind'];
  /** Worker threads of the pool, as many as cores by default. */
  readonly jobs?: number;
  /** Examples an attack sees at once, at most. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
  /** Told of what is done otherwise than asked for. */
  readonly onNote?: (line: string) => void;
}

/** Everything a run needs of this process. */
export interface Runtime {
  readonly services: LocalServices;
  readonly engine: EngineInfo;
  readonly planning: PlanContext;
  /** Models that are no files. */
  readonly live: LiveModels;
  /** An executor sized for these models; close it when the run is over. */
  executor(options: ExecutionOptions, models: readonly ModelReference[]): Executor;
  /** Frees native memory. */
  close(): Promise<void>;
}

/**
 * Loads engine and plugins.
 * @throws GauntletError ENGINE_MISSING, BACKEND_MISSING, PLUGIN_INVALID, PLUGIN_API, PLUGIN_FAILED
 */
export async function openRuntime(
  options: RuntimeOptions & Pick<ExecutionOptions, 'executor' | 'signal'> = {},
): Promise<Runtime> {
  // Beside a pool this thread only plans and times passes, as a worker with its one engine thread would take.
  const local = await localServices({
    ...(options.engine && { engine: options.engine }),
    ...(options.executor === 'inline' ? {} : { threads: 1 }),
  });
  const live = new LiveModels(local.engine, options.ownModels, options.signal);
  const services = live.joined(local);
  const { id, version } = services.engine;
  // Workers are told the backend that was found, not to look for one again.
  const engine = choiceOf(services.engine);
  const { dataDir, frostTextures } = options;
  const plugins = new Map<string, PluginReference>();
  for (const specifier of options.plugins ?? []) {
    const { plugin, reference } = await loadPlugin(specifier);
    // No cell runs one, and an attack may have its id.
    if (plugin.kind === 'architecture') continue;
    plugins.set(reference.id, await withHash(reference));
  }
  return {
    ...{ services, live },
    engine: { id, version },
    planning: {
      services,
      engine: { id, version },
      plugins,
      ...(dataDir === undefined ? {} : { dataDir }),
      ...(frostTextures === undefined
        ? {}
        : { textures: async () => (await openTextures(frostTextures)).reference }),
    },
    executor: ({ executor = 'pool', jobs, onNote }, models) => {
      const own = models.find(({ declared }) => declared !== undefined);
      if (own !== undefined && executor !== 'inline')
        onNote?.(`${own.id} is no file that workers could load: everything runs in this thread.`);
      return own !== undefined || executor === 'inline'
        ? inlineExecutor(services)
        : poolExecutor({ engine, modelBytes: largest(models), ...(jobs === undefined ? {} : { jobs }) });
    },
    close: async () => {
      await live.dispose();
      await local.dispose();
    },
  };
}

/** A plugin file that is edited must be a new plugin even under the same version. */
async function withHash(reference: PluginReference): Promise<PluginReference> {
  const { module } = reference;
  if (module === undefined || !isAbsolute(module)) return reference;
  return { ...reference, sha256: sha256(await readFile(module)) };
}

/** Bytes of the largest model as its tensors are held while it runs. */
function largest(models: readonly ModelReference[]): number {
  const sizes = models.map(({ path }) => {
    const file = openModel(path);
    file.close();
    return file.running;
  });
  return Math.max(0, ...sizes);
}
