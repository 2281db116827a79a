import { readFile } from 'node:fs/promises';
import type { Dataset } from '../data/dataset.js';
import { openDataset } from '../data/registry.js';
import type { Engine, Session } from '../engine/engine.js';
import { createOnnxRuntimeEngine } from '../engine/onnxruntime/engine.js';
import { GauntletError } from '../errors.js';
import { readOnnx } from '../graph/onnx/read.js';
import { readCard, type ModelCard } from '../models/card.js';
import { splitValidation } from './batches.js';
import { trainingOf, type CardTraining } from './card.js';
import { evaluateNetwork } from './evaluate.js';
import type { LatentSummary } from './latent.js';
import type { Recipe } from './recipe.js';
import type { Count } from './state.js';
import { zooFolders, type ZooFolder } from './zoo.js';

const PARTS = ['train', 'validation', 'test'] as const;
type Part = (typeof PARTS)[number];

/** One part of the data, measured again. */
export interface VerifiedPart {
  readonly part: Part;
  readonly status: 'same' | 'differs' | 'unavailable';
  /** What differs or is missing. */
  readonly reason?: string;
  readonly found?: { readonly accuracy: Count; readonly latent: LatentSummary };
}

/** A model measured again. */
export interface VerifiedModel {
  readonly id: string;
  /** The worst of its parts. */
  readonly status: VerifiedPart['status'];
  readonly parts: readonly VerifiedPart[];
}

export interface VerifyZooOptions {
  /** Folder with a folder for each model; the package's zoo by default. */
  readonly zoo?: string;
  /** Glob of ids. */
  readonly only?: string;
  readonly dataDir?: string;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** `done` of the models are measured. */
  readonly onModel?: (id: string, done: number, all: number) => void;
}

/**
 * Measures accuracy and latent geometry of the trained models of a zoo again, and compares them with their cards. Counts must be
 * the same on the engine that the card names, and within a thousandth of the images on another; figures of the latent space within
 * a thousandth and a hundredth of their value. A part of the data that is not there, or is not the one of the card, is
 * `unavailable`.
 * @throws GauntletError UNKNOWN_MODEL, CARD_INVALID, MODEL_UNREADABLE; what `signal` was aborted with
 */
export async function verifyZoo(options: VerifyZooOptions = {}): Promise<VerifiedModel[]> {
  const engine = await createOnnxRuntimeEngine();
  const cards = await Promise.all(
    (await zooFolders(options.zoo, options.only)).map(async (folder) => ({
      folder,
      card: await cardIn(folder),
    })),
  );
  const trained = cards.flatMap(({ folder, card }) => (card?.training ? [{ folder, card }] : []));
  const verified: VerifiedModel[] = [];
  for (const [done, { folder, card }] of trained.entries()) {
    options.onModel?.(folder.id, done, trained.length);
    verified.push(await verifyModel(folder, card, engine, options));
  }
  return verified;
}

const cardIn = ({ card }: ZooFolder): Promise<ModelCard | undefined> =>
  readCard(card).catch((error: unknown) => {
    const { cause } = error as { cause?: NodeJS.ErrnoException };
    if (cause?.code === 'ENOENT') return undefined;
    throw error;
  });

async function verifyModel(
  { id, model }: ZooFolder,
  card: ModelCard,
  engine: Engine,
  options: VerifyZooOptions,
): Promise<VerifiedModel> {
  const training = trainingOf(card)!;
  const graph = readOnnx(await readFile(model), model);
  const [, width] = graph.outputs.find(({ name }) => name === 'features')?.dims ?? [];
  const session = await engine.compile(
    graph,
    options.threads === undefined ? {} : { threads: options.threads },
  );
  try {
    const parts: VerifiedPart[] = [];
    for (const part of PARTS)
      parts.push(await verifyPart(part, training, session, Number(width), engine, options));
    const statuses = parts.map(({ status }) => status);
    const worst = (['differs', 'unavailable'] as const).find((status) => statuses.includes(status));
    return { id, status: worst ?? 'same', parts };
  } finally {
    await session.release();
  }
}

async function verifyPart(
  part: Part,
  training: CardTraining,
  session: Session,
  latentWidth: number,
  engine: Engine,
  { dataDir, signal }: VerifyZooOptions,
): Promise<VerifiedPart> {
  const { recipe, tool } = training;
  const split = part === 'test' ? 'test' : 'train';
  const data = await openDataset({
    source: recipe.data.source,
    split,
    ...(dataDir !== undefined && { dataDir }),
  }).catch(missing);
  if (typeof data === 'string') return { part, status: 'unavailable', reason: data };
  if (data.fingerprint !== training.data.fingerprints[split])
    return { part, status: 'unavailable', reason: `other ${split} images than the card's` };
  const indices = indicesOf(part, recipe, data);
  const evaluator = { session, latentWidth, signal };
  const { count, latent } = await evaluateNetwork(evaluator, new Map(), data, indices);
  const isSameEngine = tool.engine === engine.id && tool.engineVersion === engine.version;
  const reason = differenceOf(
    { accuracy: training.accuracy[part], latent: training.latent[part] },
    { accuracy: count, latent },
    isSameEngine,
  );
  const found = { accuracy: count, latent };
  return reason === null ? { part, status: 'same', found } : { part, status: 'differs', reason, found };
}

function missing(error: unknown): string {
  const isMissing =
    error instanceof GauntletError && (error.key === 'DATA_NOT_FOUND' || error.key === 'UNKNOWN_DATASET');
  if (isMissing) return error.message;
  throw error;
}

function indicesOf(part: Part, { data, seed }: Recipe, { length }: Dataset): Uint32Array {
  if (part === 'test') return Uint32Array.from({ length }, (_, i) => i);
  const split = splitValidation(data.limit ?? length, data.validation, seed);
  return part === 'train' ? split.fit : split.validation;
}

interface Figures {
  readonly accuracy: Count;
  readonly latent: LatentSummary;
}

/** Images and relative errors that may differ. */
const TOLERANCES = {
  same: { accuracy: 0, latent: 1e-3 },
  other: { accuracy: 1e-3, latent: 1e-2 },
} as const;

/** What differs between a card and what was found, in words; null for nothing. */
export function differenceOf(card: Figures, found: Figures, isSameEngine: boolean): string | null {
  const tolerance = TOLERANCES[isSameEngine ? 'same' : 'other'];
  const { correct, n } = found.accuracy;
  if (n !== card.accuracy.n) return `${n} images, the card has ${card.accuracy.n}`;
  if (Math.abs(correct - card.accuracy.correct) > tolerance.accuracy * n)
    return `${correct} of ${n} right, the card has ${card.accuracy.correct}`;
  const figures = Object.entries(card.latent) as [keyof LatentSummary, number][];
  const other = figures.find(
    ([name, value]) => !(Math.abs(found.latent[name] - value) <= tolerance.latent * Math.abs(value)),
  );
  return other === undefined ? null : `${other[0]} ${found.latent[other[0]]}, the card has ${other[1]}`;
}
