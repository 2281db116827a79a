import { join, resolve } from 'node:path';
import { archiveFolder } from '../data/archives/known.js';
import { GauntletError } from '../errors.js';
import type { CellResult, CellSpec } from '../evaluate/cell.js';
import { estimateSeconds, runSeconds } from '../evaluate/estimate.js';
import { planSuite } from '../evaluate/plan.js';
import { finishedCells, runCells, type RunEvent } from '../evaluate/run.js';
import type { Services } from '../evaluate/services.js';
import { buildLeaderboard } from '../leaderboard/build.js';
import { matchModels } from '../models/reference.js';
import type { DamagedFile } from '../results/layout.js';
import { runManifest } from '../results/manifest.js';
import type { Leaderboard } from '../results/schema/leaderboard.js';
import { openRunStore } from '../results/store.js';
import { deriveSuite, type SuiteChanges } from '../suite/derive.js';
import { findSuite } from '../suite/find.js';
import { suiteFingerprint } from '../suite/fingerprint.js';
import type { Suite } from '../suite/suite.js';
import type { ModelDefinition } from '../models/defined/definition.js';
import type { ModelSource } from './live-models.js';
import { openRuntime, type ExecutionOptions, type RuntimeOptions } from './runtime.js';

/** A suite to run, and what to change about it. */
export interface RunSuiteRequest extends Omit<SuiteChanges, 'models'> {
  /**
   * Other models: zoo ids, globs, paths relative to the working folder; URLs of models behind HTTP, paths of modules that export a
   * definition, and definitions themselves.
   */
  readonly models?: readonly ModelSource[];
  /** Built-in id or path of a suite file. */
  readonly suite: string;
  /** Run folder; `<suite>-<fingerprint>` under `outRoot` by default. */
  readonly out?: string;
  /** Folder for run folders, `runs` by default. */
  readonly outRoot?: string;
  /** Whether to go on from the finished cells of an earlier run in the folder; true by default. */
  readonly resume?: boolean;
}

/** What is about to run. */
export interface RunPlan {
  readonly suite: Suite;
  readonly folder: string;
  readonly specs: readonly CellSpec[];
  /** Cells that an earlier run has finished. */
  readonly finished: number;
  /** Seconds the rest takes at most; null when no model could be timed. */
  readonly seconds: number | null;
  /** Seconds by cell on one worker, for those that are left. */
  readonly estimates: ReadonlyMap<CellSpec, number>;
}

export interface RunSuiteOptions extends RuntimeOptions, ExecutionOptions {
  readonly onPlan?: (plan: RunPlan) => void;
  readonly onEvent?: (event: RunEvent) => void;
  /** Told of stored cells that are damaged and computed again. */
  readonly onDamaged?: (damaged: DamagedFile) => void;
}

export interface SuiteRun {
  readonly folder: string;
  readonly suite: Suite;
  readonly cells: readonly CellResult[];
  readonly leaderboard: Leaderboard;
}

/**
 * Runs a suite into its folder: run.json, one file per cell as soon as it is finished, witnesses, leaderboard.json. Cells that an
 * earlier run has finished are taken over.
 * @throws GauntletError for suites, models, data and plugins that make no sense, OUTPUT_UNWRITABLE, DISK_FULL; the signal's
 *   reason when aborted. A cell that fails is no error here: see its `status`.
 */
export async function runSuite(request: RunSuiteRequest, options: RunSuiteOptions = {}): Promise<SuiteRun> {
  const { suite: name, out, outRoot = 'runs', resume = true, models: sources, ...changes } = request;
  const defined = byName(sources ?? []);
  const suite = deriveSuite(await findSuite(name), {
    ...changes,
    ...(sources && {
      models: sources.map((source) => (typeof source === 'string' ? source : nameOf(source))),
    }),
  });
  const { straightThrough, archive } = changes;
  const folder = resolve(out ?? join(outRoot, `${suite.id}-${suiteFingerprint(suite).slice(0, 8)}`));
  const runtime = await openRuntime(options);
  try {
    const models = await matchModels(
      suite.models,
      straightThrough === undefined ? {} : { straightThrough },
      (model) => runtime.live.resolve(defined.get(model) ?? model, { fromFile: sources === undefined }),
    );
    const specs = await planSuite(suite, models, {
      ...runtime.planning,
      ...(straightThrough === undefined ? {} : { straightThrough }),
      ...(archive === undefined ? {} : { archive: archiveFolder(archive, options.dataDir) }),
    });
    const store = await openRunStore(folder, options.onDamaged);
    if (!resume) await store.clear();
    const manifest = runManifest(suite, specs);
    await store.writeManifest(manifest);
    const executor = runtime.executor(options, models);
    try {
      const finished = await finishedCells(specs, store);
      const left = specs.filter((spec) => !finished.has(spec));
      options.onPlan?.({
        suite,
        folder,
        specs,
        finished: finished.size,
        ...(await outlook(left, runtime.services, executor.parallelism)),
      });
      const cells = await runCells(specs, {
        executor,
        engine: runtime.engine,
        signal: options.signal ?? new AbortController().signal,
        sink: store,
        finished,
        ...(options.batchSize === undefined ? {} : { batchSize: options.batchSize }),
        ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
      });
      const leaderboard = buildLeaderboard(manifest, cells);
      await store.writeLeaderboard(leaderboard);
      return { folder, suite, cells, leaderboard };
    } finally {
      await executor.close();
    }
  } finally {
    await runtime.close();
  }
}

/** @throws GauntletError MODEL_INVALID when two definitions have one name. */
function byName(sources: readonly ModelSource[]): ReadonlyMap<string, ModelDefinition> {
  const named = new Map<string, ModelDefinition>();
  for (const source of sources) {
    if (typeof source === 'string') continue;
    const name = nameOf(source);
    if ((named.get(name) ?? source) !== source)
      throw new GauntletError('MODEL_INVALID', `two models are called "${name}"`, {
        help: 'Give each its own id.',
      });
    named.set(name, source);
  }
  return named;
}

/** What a definition is called in a suite's list of models. */
const nameOf = (definition: ModelDefinition): string =>
  definition.id ?? (definition.kind === 'http' ? definition.url : '');

/** How long the cells that are left should take. */
async function outlook(
  left: readonly CellSpec[],
  services: Services,
  parallelism: number,
): Promise<Pick<RunPlan, 'seconds' | 'estimates'>> {
  const estimates = await estimateSeconds(left, services);
  return {
    seconds: estimates.size === 0 && left.length > 0 ? null : runSeconds(estimates.values(), parallelism),
    estimates,
  };
}
