import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { GauntletError } from '../errors.js';
import { canonicalJson } from '../fingerprint.js';
import {
  builtInArchitectures,
  ownArchitecturesOf,
  type Architectures,
} from '../models/architectures/registry.js';
import { readCard } from '../models/card.js';
import { resourcePath } from '../resources.js';
import { matchesGlob } from '../text/glob.js';
import { trainingOf } from './card.js';
import { readRecipe, type Recipe } from './recipe.js';
import { trainRecipe, type TrainOptions } from './train-recipe.js';

/** Folder of a zoo model, with the files it may hold. */
export interface ZooFolder {
  readonly id: string;
  readonly folder: string;
  readonly recipe: string;
  readonly model: string;
  readonly card: string;
}

/**
 * The folders of a zoo that hold a recipe or a card, in order of id.
 * @param zoo the package's by default
 * @param only a glob of ids
 * @throws GauntletError UNKNOWN_MODEL when there is none
 */
export async function zooFolders(zoo = resourcePath('zoo'), only = '*'): Promise<ZooFolder[]> {
  const names = (await readdir(zoo).catch(() => [])).sort();
  const folders = names.map((id) => {
    const folder = resolve(zoo, id);
    const inside = (file: string) => join(folder, file);
    const [recipe, model, card] = [inside('recipe.yaml'), inside('model.onnx'), inside('card.json')];
    return { id, folder, recipe, model, card };
  });
  const found = folders.filter(
    ({ id, recipe, card }) => matchesGlob(only, id) && (existsSync(recipe) || existsSync(card)),
  );
  if (found.length === 0) throw new GauntletError('UNKNOWN_MODEL', `no folder of ${zoo} matches "${only}"`);
  return found;
}

/** What became of a recipe. `waiting`: its time had not come when the time was over. */
export interface ZooTraining {
  readonly id: string;
  readonly status: 'trained' | 'already' | 'stopped' | 'waiting' | 'unavailable' | 'failed';
  /** Why, for the last two. */
  readonly reason?: string;
}

export interface TrainZooOptions extends Pick<
  TrainOptions,
  'architectures' | 'dataDir' | 'threads' | 'provider' | 'signal' | 'onStep'
> {
  /** Folder with a folder for each recipe; the package's zoo by default. */
  readonly zoo?: string;
  /** Glob of ids. */
  readonly only?: string;
  /** Folder that gets a folder with model and card for each; that of the recipe by default. */
  readonly out?: string;
  /** Folder that gets a folder with checkpoint and metrics for each; `.gauntlet/train` by default. */
  readonly work?: string;
  /** Stop after so long; the same call goes on from there. */
  readonly minutes?: number;
  readonly onModel?: (id: string) => void;
  readonly onEpoch?: TrainOptions['onEpoch'];
}

/**
 * Trains the recipes of a zoo one after another, or goes on with them. Models that are there already with a card of the same
 * recipe are left alone. A recipe that cannot be trained does not keep the others from it.
 * @throws GauntletError UNKNOWN_MODEL, RECIPE_INVALID; what `signal` was aborted with
 */
export async function trainZoo(options: TrainZooOptions = {}): Promise<ZooTraining[]> {
  const { zoo, only, signal, minutes, architectures = builtInArchitectures } = options;
  const folders = (await zooFolders(zoo, only)).filter(({ recipe }) => existsSync(recipe));
  const recipes = await Promise.all(
    folders.map(async (each) => ({ each, recipe: await readRecipe(each.recipe, architectures) })),
  );
  const outOfTime = new AbortController();
  const timer =
    minutes === undefined ? undefined : setTimeout(() => outOfTime.abort(), minutes * 60_000).unref();
  const results: ZooTraining[] = [];
  try {
    for (const { each, recipe } of recipes) {
      const { id } = each;
      const out = options.out === undefined ? each.folder : join(options.out, id);
      if (await isTrained(out, recipe, architectures)) results.push({ id, status: 'already' });
      else if (outOfTime.signal.aborted) results.push({ id, status: 'waiting' });
      else {
        options.onModel?.(id);
        results.push({ id, ...(await trainOne(each, out, outOfTime.signal, options)) });
        signal?.throwIfAborted();
      }
    }
    return results;
  } finally {
    clearTimeout(timer);
  }
}

async function isTrained(out: string, recipe: Recipe, architectures: Architectures): Promise<boolean> {
  const [model, card] = [join(out, 'model.onnx'), join(out, 'card.json')];
  if (!existsSync(model) || !existsSync(card)) return false;
  const training = trainingOf(await readCard(card));
  const made = [training?.recipe ?? null, training?.architectures ?? []];
  return canonicalJson(made) === canonicalJson([recipe, ownArchitecturesOf(recipe.network, architectures)]);
}

async function trainOne(
  { id, recipe }: ZooFolder,
  out: string,
  outOfTime: AbortSignal,
  options: TrainZooOptions,
): Promise<Omit<ZooTraining, 'id'>> {
  const { architectures, dataDir, threads, provider, work, onStep, onEpoch } = options;
  const signal = options.signal === undefined ? outOfTime : AbortSignal.any([options.signal, outOfTime]);
  try {
    await trainRecipe(recipe, {
      ...{ out, signal },
      ...(architectures && { architectures }),
      ...(dataDir !== undefined && { dataDir }),
      ...(threads !== undefined && { threads }),
      ...(provider !== undefined && { provider }),
      ...(work !== undefined && { work: join(work, id) }),
      ...(onStep && { onStep }),
      ...(onEpoch && { onEpoch }),
    });
    return { status: 'trained' };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (outOfTime.aborted) return { status: 'stopped' };
    if (!(error instanceof GauntletError)) throw error;
    const isMissing = error.key === 'DATA_NOT_FOUND' || error.key === 'UNKNOWN_DATASET';
    return { status: isMissing ? 'unavailable' : 'failed', reason: error.message };
  }
}
