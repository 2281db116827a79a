import { cpus, platform, arch } from 'node:os';
import { GauntletError, messageOf } from '../errors.js';
import { assembleCell, unfinishedCell, type CellTiming, type EngineInfo } from './assemble.js';
import { stagesOf, type CellResult, type CellSpec, type CompletedCell } from './cell.js';
import type { Executor } from './executor.js';
import type { FittedStates, ShardResult } from './job.js';
import { packWitnesses, type PackedWitnesses } from './witnesses.js';

/** What happened in a run, in the order it happened. */
export type RunEvent =
  | { readonly kind: 'cell-resumed'; readonly spec: CellSpec; readonly cell: CompletedCell }
  | { readonly kind: 'cell-finished'; readonly spec: CellSpec; readonly cell: CellResult }
  /** Some examples of a cell are done. */
  | {
      readonly kind: 'shard-finished';
      readonly spec: CellSpec;
      readonly examples: number;
      /** What the worker's engine lacks and had computed elsewhere so far. */
      readonly borrowed: readonly string[];
    };

/** Where finished cells are found and put; the results store implements it. */
export interface CellSink {
  finished(spec: CellSpec): Promise<CompletedCell | null>;
  save(cell: CellResult, witnesses: Uint8Array | null): Promise<void>;
}

export interface RunOptions {
  readonly executor: Executor;
  readonly engine: EngineInfo;
  /** Examples an attack sees at once, at most. Results do not depend on it. */
  readonly batchSize?: number;
  readonly signal: AbortSignal;
  readonly sink?: CellSink;
  /** Cells known to be finished; looked up in the sink when not given. */
  readonly finished?: ReadonlyMap<CellSpec, CompletedCell>;
  readonly onEvent?: (event: RunEvent) => void;
  /** Wall-clock seconds per cell; a cell that exceeds them ends as timed-out, without an accuracy. */
  readonly timeLimit?: number;
}

export const DEFAULT_BATCH_SIZE = 128;
/** Small enough that progress is live and both cores stay busy, large enough for dense batches. */
const SHARD_SIZE = 128;

/** The cells that an earlier run has finished. */
export async function finishedCells(
  specs: readonly CellSpec[],
  sink: CellSink | undefined,
): Promise<Map<CellSpec, CompletedCell>> {
  const found = new Map<CellSpec, CompletedCell>();
  for (const spec of specs) {
    const cell = await sink?.finished(spec);
    if (cell) found.set(spec, cell);
  }
  return found;
}

/**
 * Runs the cells that are not finished yet and returns all of them in the order of `specs`. A cell that fails is recorded
 * as such and the others go on.
 * @throws the signal's reason when aborted; cells finished by then are in the sink.
 */
export async function runCells(specs: readonly CellSpec[], options: RunOptions): Promise<CellResult[]> {
  const finished = options.finished ?? (await finishedCells(specs, options.sink));
  const results = new Map<CellSpec, CellResult>(finished);
  for (const [spec, cell] of finished) options.onEvent?.({ kind: 'cell-resumed', spec, cell });
  const waiting = specs.filter((spec) => !finished.has(spec));
  // One cell more than there are workers: the last shards of one cell then overlap with the first of the next.
  const lanes = Array.from(
    { length: Math.min(options.executor.parallelism + 1, waiting.length) },
    async () => {
      for (let spec = waiting.shift(); spec !== undefined; spec = waiting.shift()) {
        options.signal.throwIfAborted();
        const { cell, witnesses } = await runCell(spec, options);
        options.signal.throwIfAborted();
        await options.sink?.save(cell, witnesses?.bytes ?? null);
        results.set(spec, cell);
        options.onEvent?.({ kind: 'cell-finished', spec, cell });
      }
    },
  );
  await Promise.all(lanes);
  return specs.map((spec) => results.get(spec)!);
}

interface FinishedCell {
  readonly cell: CellResult;
  readonly witnesses: PackedWitnesses | null;
}

/** Runs one cell to a result of whatever status. @throws only when the run itself is aborted. */
export async function runCell(spec: CellSpec, options: RunOptions): Promise<FinishedCell> {
  const started = Date.now();
  const timing = (): CellTiming => ({
    startedAt: new Date(started).toISOString(),
    seconds: (Date.now() - started) / 1000,
    machine: `${platform()}-${arch()} node ${process.versions.node}, ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
  });
  const limit = options.timeLimit === undefined ? null : AbortSignal.timeout(options.timeLimit * 1000);
  const failed = new AbortController();
  const signals = [options.signal, failed.signal, ...(limit === null ? [] : [limit])];
  const inner = { ...options, signal: AbortSignal.any(signals) };
  try {
    const states = await fitStages(spec, inner);
    const shards = await runShards(spec, states, inner);
    const witnesses = packWitnesses(spec, shards);
    return {
      cell: assembleCell(spec, shards, witnesses?.entry ?? null, options.engine, timing()),
      witnesses,
    };
  } catch (error) {
    // Whatever shards are still under way belong to a cell that has no result any more.
    failed.abort();
    options.signal.throwIfAborted();
    const status =
      limit?.aborted || isUsedUp(error) ? 'timed-out' : isNotApplicable(error) ? 'not-applicable' : 'error';
    const reason = limit?.aborted
      ? { code: 'TIME_LIMIT', message: `not finished after ${options.timeLimit ?? 0} s` }
      : {
          code: error instanceof GauntletError ? error.code : 'GAUNTLET_E_INTERNAL',
          message: messageOf(error),
        };
    return { cell: unfinishedCell(spec, status, reason, options.engine, timing()), witnesses: null };
  }
}

/** Errors that say the plan makes no sense for this model, rather than that something broke. */
const NOT_APPLICABLE = new Set([
  ...['GRADIENT_BLOCKED', 'NO_GRADIENT', 'THREAT_UNSUPPORTED', 'NO_FEATURES'],
  ...['CORRUPTION_SHAPE', 'CORRUPTION_NEEDS', 'FROST_TEXTURES'],
]);

/** Whether a limit that the user set on a model ended the cell. */
const isUsedUp = (error: unknown): boolean => error instanceof GauntletError && error.key === 'QUERY_BUDGET';

/** Whether an error says that the plan makes no sense here. */
export function isNotApplicable(error: unknown): boolean {
  return error instanceof GauntletError && NOT_APPLICABLE.has(error.key);
}

async function fitStages(spec: CellSpec, options: RunOptions): Promise<FittedStates> {
  const states: Record<number, unknown> = {};
  for (const [stage, plan] of stagesOf(spec).entries()) {
    if (plan.fitIndices === undefined) continue;
    const result = await options.executor.submit({ kind: 'fit', spec, stage }, options.signal);
    if (result.kind === 'fit') states[stage] = result.state;
  }
  return states;
}

async function runShards(spec: CellSpec, states: FittedStates, options: RunOptions): Promise<ShardResult[]> {
  const n = spec.data.indices.length;
  const size = Math.max(1, Math.min(SHARD_SIZE, Math.ceil(n / options.executor.parallelism)));
  const batchSize = options.batchSize ?? DEFAULT_BATCH_SIZE;
  const starts = Array.from({ length: Math.ceil(n / size) }, (_value, i) => i * size);
  return Promise.all(
    starts.map(async (from) => {
      const to = Math.min(from + size, n);
      const job = { kind: 'shard', spec, from, to, batchSize, states } as const;
      const result = await options.executor.submit(job, options.signal);
      if (result.kind !== 'shard')
        throw new GauntletError('INTERNAL', `A shard job answered with ${result.kind}.`);
      const { borrowed = [] } = result;
      options.onEvent?.({ kind: 'shard-finished', spec, examples: to - from, borrowed });
      return result;
    }),
  );
}
