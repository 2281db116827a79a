import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { matchesGlob } from '../text/glob.js';
import { didYouMean } from '../text/suggest.js';
import { GauntletError } from '../errors.js';
import type { ModelReference, OwnUnits } from '../evaluate/cell.js';
import { canonicalJson, sha256 } from '../fingerprint.js';
import { resourcePath } from '../resources.js';
import { inOwnUnits, meaningOf, readCard, withOutputs, type ModelCard } from './card.js';
import { isEndpoint, shownUrl } from './http/address.js';
import { openModel } from './model-file.js';

/** A model that comes with the package. */
export interface ZooEntry {
  readonly id: string;
  readonly path: string;
  readonly cardPath: string;
  readonly card: ModelCard;
}

const MODEL_FILE = 'model.onnx';
/** Names of model files that say nothing of the model: it goes by the name of its folder. */
const UNNAMED = [MODEL_FILE, 'model.json'];
const MODEL_ENDINGS = ['.onnx', '.json'];
const CARD_FILE = 'card.json';

/** The zoo in order of id: every folder of zoo/ that holds a model and its card. */
export async function listZoo(): Promise<ZooEntry[]> {
  const ids = await zooIds();
  return Promise.all(
    ids.map(async (id) => {
      const cardPath = resourcePath('zoo', id, CARD_FILE);
      return { id, path: resourcePath('zoo', id, MODEL_FILE), cardPath, card: await readCard(cardPath) };
    }),
  );
}

export interface ModelOptions {
  /** Path of the card. */
  readonly card?: string;
  /** Whether gradients pass operators whose derivative is zero almost everywhere; otherwise the card says. */
  readonly straightThrough?: boolean;
  /** Takes examples as the file does: without the card's preprocessing, between these bounds. */
  readonly ownUnits?: OwnUnits;
  /** Graph output that holds the logits; otherwise the card says. */
  readonly output?: string;
  /** Value that holds the penultimate layer; otherwise the card says. */
  readonly features?: string;
}

/**
 * Finds a model by zoo id, by the path of its ONNX file or of the model.json of a TensorFlow.js model, or by that of a folder
 * holding model.onnx or model.json. Its card is the one given, else `MODEL.card.json` beside the file, else `card.json` beside a
 * `model.onnx` or `model.json`.
 * @throws GauntletError MODEL_NOT_FOUND, UNKNOWN_MODEL, CARD_INVALID; MODEL_INVALID or MODEL_UNREADABLE for a JSON file that is no
 *   model.
 */
export async function resolveModel(nameOrPath: string, options: ModelOptions = {}): Promise<ModelReference> {
  const ids = await zooIds();
  const path = ids.includes(nameOrPath)
    ? resourcePath('zoo', nameOrPath, MODEL_FILE)
    : await findFile(nameOrPath, ids);
  const card = options.card === undefined ? cardBeside(path) : resolve(options.card);
  const id = isUnnamed(path) ? basename(dirname(path)) : basename(path, extname(path));
  const parsed = card === undefined ? undefined : await readCard(card);
  const straightThrough = options.straightThrough ?? parsed?.gradient === 'straight-through';
  return {
    id: parsed?.id ?? id,
    path,
    ...(card !== undefined && { card }),
    sha256: modelHash(await contentHash(path), withOutputs(parsed, options), options.ownUnits),
    ...(straightThrough && { gradient: 'straight-through' }),
    ...(options.ownUnits && { ownUnits: options.ownUnits }),
    ...(options.output !== undefined && { output: options.output }),
    ...(options.features !== undefined && { features: options.features }),
  };
}

/**
 * Resolves zoo ids, zoo globs (`*` and `?`) and paths, in that order of the list, each model once. Different models of the same
 * name get the first eight digits of their hash appended.
 * @param resolveOwn finds those that are no files; undefined for the others
 * @throws GauntletError UNKNOWN_MODEL for a glob that matches nothing, and as resolveModel.
 */
export async function matchModels(
  patterns: readonly string[],
  options: Pick<ModelOptions, 'straightThrough'> = {},
  resolveOwn: (name: string) => Promise<ModelReference> | undefined = () => undefined,
): Promise<ModelReference[]> {
  const ids = await zooIds();
  const names = patterns.flatMap((pattern) => {
    if (!/[*?]/.test(pattern) || isEndpoint(pattern)) return [pattern];
    const matched = ids.filter((id) => matchesGlob(pattern, id));
    if (matched.length === 0) throw noMatch(pattern);
    return matched;
  });
  return distinguish(await Promise.all(names.map((name) => resolveOwn(name) ?? resolveModel(name, options))));
}

/**
 * SHA-256 of a model: of its content and of what its card says about the computation; a card that says nothing of it changes
 * nothing.
 * @param content the content's own SHA-256 (ModelFile.hash).
 * @param ownUnits given when it takes examples as the file does; the bounds are no part of it.
 */
export function modelHash(content: string, card: ModelCard | undefined, ownUnits?: OwnUnits): string {
  const read = ownUnits === undefined ? card : inOwnUnits(card, undefined);
  const meaning = canonicalJson(read === undefined ? {} : meaningOf(read));
  return meaning === '{}' ? content : sha256(`${content}\n${meaning}`);
}

async function contentHash(path: string): Promise<string> {
  const file = openModel(path);
  try {
    return await file.hash();
  } finally {
    file.close();
  }
}

function distinguish(references: readonly ModelReference[]): ModelReference[] {
  const unique = references.filter((one, i) => references.findIndex((other) => same(one, other)) === i);
  return unique.map((reference) =>
    unique.filter((other) => other.id === reference.id).length === 1
      ? reference
      : { ...reference, id: `${reference.id}-${reference.sha256.slice(0, 8)}` },
  );
}

const same = (a: ModelReference, b: ModelReference) => a.id === b.id && a.sha256 === b.sha256;

async function zooIds(): Promise<string[]> {
  const folder = resourcePath('zoo');
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder);
  return entries
    .filter((id) => existsSync(join(folder, id, MODEL_FILE)) && existsSync(join(folder, id, CARD_FILE)))
    .sort();
}

async function findFile(name: string, ids: readonly string[]): Promise<string> {
  if (isEndpoint(name)) {
    throw new GauntletError('MODEL_NOT_FOUND', `a file is needed here, received the URL ${shownUrl(name)}`, {
      help: 'Models behind HTTP are taken by `attack`, by `run --models` and by `replay`.',
    });
  }
  const path = resolve(name);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return path;
  const inside = UNNAMED.map((file) => join(path, file)).find((file) => existsSync(file));
  if (found?.isDirectory() && inside !== undefined) return inside;
  if (!/[/\\]/.test(name) && !isModelFile(name)) throw unknown(name, ids);
  const siblings = await readdir(dirname(path)).catch(() => []);
  const hint = didYouMean(basename(path), siblings.filter(isModelFile));
  throw new GauntletError('MODEL_NOT_FOUND', `no model at ${path}${hint}`);
}

function unknown(name: string, ids: readonly string[]): GauntletError {
  return new GauntletError('UNKNOWN_MODEL', `no model of the zoo matches "${name}"${didYouMean(name, ids)}`);
}

/** A suite may name models of the zoo that are yet to come, so the way out is to name others. */
function noMatch(glob: string): GauntletError {
  return new GauntletError('UNKNOWN_MODEL', `no model of the zoo matches "${glob}"`, {
    help: 'Name models with --models: files, or ids and globs of `gauntlet list models`.',
  });
}

function cardBeside(path: string): string | undefined {
  const own = join(dirname(path), `${basename(path, extname(path))}.card.json`);
  const folders = join(dirname(path), CARD_FILE);
  return [own, ...(isUnnamed(path) ? [folders] : [])].find((file) => existsSync(file));
}

const isUnnamed = (path: string): boolean => UNNAMED.includes(basename(path));

const isModelFile = (path: string): boolean =>
  MODEL_ENDINGS.includes(extname(path)) && !path.endsWith('card.json');
