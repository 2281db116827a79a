import { runSuite, type RunPlan } from '../api/run-suite.js';
import { GauntletError } from '../errors.js';
import type { UnfinishedCell } from '../evaluate/cell.js';
import type { RunEvent } from '../evaluate/run.js';
import { renderLeaderboard } from '../leaderboard/render.js';
import { writeLeaderboardFile } from '../results/store.js';
import { suiteIndices } from '../suite/suite.js';
import { BorrowedNotes, engineOf, type EngineArguments } from './engine-flags.js';
import { executionOf, type ExecutionArguments } from './execution.js';
import { interruptible } from './interrupt.js';
import { display, printResult } from './output.js';
import { ownModelsOf, type OwnModelArguments } from './own-models.js';
import { formatDuration, type Progress } from './progress.js';
import { configOf, dataDirOf, frostTexturesOf, pluginsOf, type SourceArguments } from './sources.js';

type Arguments = SourceArguments &
  OwnModelArguments &
  ExecutionArguments &
  EngineArguments & {
    readonly suite: string;
    readonly data?: string | undefined;
    readonly models?: readonly string[] | undefined;
    readonly entries?: readonly string[] | undefined;
    readonly corruptions?: readonly string[] | undefined;
    readonly severities?: readonly number[] | undefined;
    readonly archive?: string | undefined;
    readonly 'frost-textures'?: string | undefined;
    readonly examples?: number | undefined;
    readonly seed?: number | undefined;
    readonly 'straight-through'?: boolean | undefined;
    readonly out?: string | undefined;
    readonly resume: boolean;
    readonly leaderboard?: string | undefined;
    readonly json: boolean;
  };

/**
 * `gauntlet run`: runs a suite and prints its leaderboard.
 * @throws GauntletError RUN_INCOMPLETE after everything is written, when a cell failed or ran out of time; one whose attack does not
 *   apply to its model is no failure, and shown in the table
 */
export async function runRunCommand(args: Arguments): Promise<void> {
  const config = await configOf(args);
  const dataDir = await dataDirOf(args, config);
  const frostTextures = frostTexturesOf(args, config);
  const { suite, data, models, entries, corruptions, severities, archive, examples, seed, out, resume } =
    args;
  const { 'straight-through': straightThrough } = args;
  const run = await interruptible(async ({ signal, progress }) => {
    const watch = new RunWatch(progress);
    return runSuite(
      {
        suite,
        resume,
        ...(data === undefined ? {} : { data }),
        ...(models === undefined ? {} : { models }),
        ...(entries === undefined ? {} : { entries }),
        ...(corruptions === undefined ? {} : { corruptions }),
        ...(severities === undefined ? {} : { severities }),
        ...(archive === undefined ? {} : { archive }),
        ...(examples === undefined ? {} : { examples }),
        ...(seed === undefined ? {} : { seed }),
        ...(straightThrough === undefined ? {} : { straightThrough }),
        ...(out === undefined ? {} : { out }),
        ...(config.out === undefined ? {} : { outRoot: config.out }),
      },
      {
        ...executionOf(args, config),
        ...ownModelsOf(args),
        onNote: (line) => progress.note(line),
        engine: engineOf(args),
        plugins: pluginsOf(args, config),
        signal,
        ...(dataDir === undefined ? {} : { dataDir }),
        ...(frostTextures === undefined ? {} : { frostTextures }),
        onPlan: (plan) => watch.start(plan),
        onEvent: (event) => watch.event(event),
        onDamaged: ({ file, reason }) => progress.note(`${file} is computed again: ${reason}`),
      },
    );
  });
  if (args.leaderboard !== undefined) await writeLeaderboardFile(args.leaderboard, run.leaderboard);
  printResult(
    args.json,
    run.leaderboard,
    () => `${renderLeaderboard(run.leaderboard, display())}\nrun folder: ${run.folder}`,
  );
  const unfinished = run.cells.filter(
    (cell): cell is UnfinishedCell => cell.status === 'error' || cell.status === 'timed-out',
  );
  if (unfinished.length === 0) return;
  const named = unfinished.map(
    (cell) => `${cell.model.id}, ${cell.title}: ${cell.status}, ${cell.reason.message}`,
  );
  throw new GauntletError(
    'RUN_INCOMPLETE',
    `${unfinished.length} of ${run.cells.length} cells did not complete:\n  ${named.join('\n  ')}`,
  );
}

/** Turns a run's events into progress, each cell weighing what it was estimated to take. */
class RunWatch {
  private plan: RunPlan | undefined;
  private done = 0;
  private total = 1;
  private readonly borrowed = new BorrowedNotes();

  constructor(private readonly progress: Progress) {}

  start(plan: RunPlan): void {
    this.plan = plan;
    const { suite, specs, finished, seconds, folder } = plan;
    const models = new Set(specs.map((spec) => spec.model.id)).size;
    const left = finished === 0 ? '' : `, ${finished} of them finished before`;
    const time = seconds === null ? '' : `, about ${formatDuration(Math.max(1, seconds))}`;
    const examples = suiteIndices(suite).length;
    this.progress.note(
      `${suite.id}: ${count(models, 'model')} x ${count(specs.length / models, 'cell')}${left}, ${count(examples, 'example')} of ${suite.dataset.source} (${suite.dataset.split})${time}; into ${folder}`,
    );
    const total = [...plan.estimates.values()].reduce((sum, each) => sum + each, 0);
    this.total = total || specs.length - finished || 1;
  }

  event(event: RunEvent): void {
    if (event.kind !== 'shard-finished') return;
    const { spec, examples } = event;
    this.borrowed.tell(event.borrowed, this.progress);
    // Models that are no files are not tried out beforehand; alone, their cells weigh the same.
    const estimates = this.plan?.estimates;
    const weight = estimates?.get(spec) ?? (estimates?.size === 0 ? 1 : 0);
    this.done += (weight * examples) / spec.data.indices.length;
    this.progress.update(Math.min(1, this.done / this.total), `${spec.model.id}, ${spec.title}`);
  }
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
