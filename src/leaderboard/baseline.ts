import { GauntletError } from '../errors.js';
import type { CellResult, CompletedCell } from '../evaluate/cell.js';
import { unnormalisedError, type ErrorSums } from '../metrics/corruption/error-sums.js';
import { sumErrors, type ImageErrors } from '../metrics/corruption/image-errors.js';
import {
  publishedBaseline,
  publishedHash,
  publishedIds,
  publishedSums,
  type PublishedBaseline,
} from '../metrics/corruption/baselines/published.js';
import type { LeaderboardBaseline } from '../results/schema/leaderboard.js';
import type { Column, RunManifest } from '../results/schema/run.js';
import { errorsByImage } from './errors-by-image.js';
import { plannedCells } from './planned.js';

/** What corruption errors are divided by, ready to divide. Corruptions go by column id. */
export interface Baseline {
  /** What the leaderboard says about it. */
  readonly described: LeaderboardBaseline;
  readonly sums: ErrorSums;
  /** Errors image by image, of a model that was measured; published errors do not vary with the images drawn. */
  readonly images?: ImageErrors;
}

/** A run's manifest and its cells. */
export interface RunResults {
  readonly manifest: RunManifest;
  readonly cells: readonly CellResult[];
}

/**
 * The baseline of that name: a model of the runs, measured on the same images, or published errors (`alexnet`). A model of the runs
 * goes first.
 * @param runs that measured the same way
 * @throws GauntletError BASELINE_INVALID
 */
export function resolveBaseline(name: string, runs: readonly RunResults[]): Baseline {
  const columns = runs.flatMap(({ manifest }) =>
    manifest.columns.filter(({ kind }) => kind === 'corruption'),
  );
  if (columns.length === 0) {
    throw new GauntletError(
      'BASELINE_INVALID',
      'There are no corruption columns that a baseline could normalise.',
    );
  }
  const measured = runs.filter(({ manifest }) => manifest.models.some(({ id }) => id === name));
  if (measured.length > 0) return modelBaseline(name, measured);
  const published = publishedBaseline(name);
  if (published !== undefined) return fromLiterature(published, runs);
  const models = [...new Set(runs.flatMap(({ manifest }) => manifest.models.map(({ id }) => id)))];
  throw new GauntletError(
    'BASELINE_INVALID',
    `There is no baseline "${name}"; there are ${[...models, ...publishedIds].join(', ')}.`,
  );
}

/** The first run that completed the model's corruption columns. */
function modelBaseline(id: string, runs: readonly RunResults[]): Baseline {
  const missing: string[] = [];
  for (const { manifest, cells } of runs) {
    const { cellOf } = plannedCells(manifest, cells);
    const columns = manifest.columns.filter(({ kind }) => kind === 'corruption');
    const unfinished = columns
      .flatMap((column) => column.cells)
      .filter((entry) => cellOf(id, entry)?.status !== 'completed');
    missing.push(...unfinished);
    if (unfinished.length > 0) continue;
    const { sha256 } = manifest.models.find((model) => model.id === id)!;
    const done = (column: Column) => column.cells.map((entry) => cellOf(id, entry) as CompletedCell);
    const images = errorsByImage(new Map(columns.map((column) => [column.id, done(column)])));
    const sums = sumErrors(images);
    return { described: { id, kind: 'model', sha256, ...figuresOf(sums) }, sums, images };
  }
  throw new GauntletError(
    'BASELINE_INVALID',
    `${id} has no result for ${[...new Set(missing)].join(', ')}, so it normalises nothing.`,
  );
}

/**
 * Published errors under the ids of the columns that are of their corruptions.
 * @throws GauntletError BASELINE_INVALID when a column follows another set than the errors were measured on, or none has errors
 */
function fromLiterature(published: PublishedBaseline, runs: readonly RunResults[]): Baseline {
  const all = publishedSums(published);
  const corruptions = new Map<
    string,
    ErrorSums['corruptions'] extends ReadonlyMap<string, infer E> ? E : never
  >();
  for (const { manifest, cells } of runs) {
    const planned = plannedCells(manifest, cells).cells;
    for (const column of manifest.columns) {
      const plan = planned.find(({ entry }) => column.cells.includes(entry))?.plan;
      if (plan?.kind !== 'corruption') continue;
      if (plan.profile !== published.profile) {
        throw new GauntletError(
          'BASELINE_INVALID',
          `${published.id} normalises corruptions of the profile ${published.profile}; ${column.id} is of ${plan.profile}.`,
        );
      }
      const errors = all.corruptions.get(plan.corruption.id);
      if (errors !== undefined) corruptions.set(column.id, errors);
    }
  }
  if (corruptions.size === 0) {
    throw new GauntletError('BASELINE_INVALID', `${published.id} has errors for none of the corruptions.`);
  }
  const sums = { ...all, corruptions };
  const { id, source } = published;
  const sha256 = publishedHash(published);
  return { described: { id, kind: 'published', sha256, source, ...figuresOf(sums) }, sums };
}

function figuresOf({ clean, images, corruptions }: ErrorSums): Pick<LeaderboardBaseline, 'clean' | 'errors'> {
  return {
    clean: clean === null ? null : clean / images,
    errors: Object.fromEntries(
      [...corruptions].map(([id, errors]) => [id, unnormalisedError(errors, images)]),
    ),
  };
}
