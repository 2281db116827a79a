import { readFile } from 'node:fs/promises';
import { readNpz, writeNpz } from '../data/npz.js';
import { GauntletError, messageOf } from '../errors.js';
import { writeFileAtomic } from '../results/atomic-file.js';
import type { FloatTensor, Tensor } from '../tensor/tensor.js';
import type { LatentSummary } from './latent.js';

/** Right answers among n. */
export interface Count {
  readonly correct: number;
  readonly n: number;
}

/** What is known after an epoch. */
export interface EpochMetrics {
  /** From 1. */
  readonly epoch: number;
  /** At the end of the epoch. */
  readonly learningRate: number;
  /** Only where the output layer has one of its own. */
  readonly outputLearningRate?: number;
  /** Null without a penalty. */
  readonly penaltyStrength: number | null;
  /** Means over the epoch's examples, each taken before its step. */
  readonly loss: number;
  readonly crossEntropy: number;
  /** Of the same passes. */
  readonly train: Count;
  readonly validation: Count;
  /** Of the validation examples. */
  readonly latent: LatentSummary;
}

/** Named tensors by parameter or slot. */
export type Weights = ReadonlyMap<string, FloatTensor>;

/** All that a training carries from one epoch to the next. */
export interface TrainingState {
  /** Parameters, running statistics and the optimiser's slots. */
  readonly tensors: Weights;
  /** Steps done. */
  readonly step: number;
  readonly history: readonly EpochMetrics[];
  /** Parameters and statistics with the best validation accuracy so far (the earliest on a tie), null before `selectFrom`. */
  readonly best: { readonly epoch: number; readonly parameters: Weights } | null;
  /** Time spent, over all the processes that took part. */
  readonly seconds: number;
}

interface Metadata {
  readonly fingerprint: string;
  readonly step: number;
  readonly history: readonly EpochMetrics[];
  readonly bestEpoch: number | null;
  readonly seconds: number;
}

/** Prefix of the chosen parameters in a checkpoint, beside the state's own tensors. */
const BEST = 'best/';
/** Array of a checkpoint that holds the rest as JSON. */
const METADATA = 'metadata';

/**
 * Writes a checkpoint (.npz); a reader sees the old one or the new one, never a part.
 * @param fingerprint of what is being trained, checked when the checkpoint is read
 * @throws GauntletError OUTPUT_UNWRITABLE, DISK_FULL
 */
export async function saveState(path: string, state: TrainingState, fingerprint: string): Promise<void> {
  const { step, history, best, seconds } = state;
  const metadata: Metadata = { fingerprint, step, history, bestEpoch: best?.epoch ?? null, seconds };
  const chosen = [...(best?.parameters ?? [])].map(([name, tensor]) => [BEST + name, tensor] as const);
  await writeFileAtomic(
    path,
    writeNpz({
      ...Object.fromEntries([...state.tensors, ...chosen]),
      [METADATA]: jsonTensor(metadata),
    }),
  );
}

/**
 * Reads a checkpoint; null where there is none.
 * @throws GauntletError CHECKPOINT_MISMATCH when it is damaged or of another recipe or other data, OUTPUT_UNWRITABLE when it
 *   cannot be read
 */
export async function loadState(path: string, fingerprint: string): Promise<TrainingState | null> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new GauntletError('OUTPUT_UNWRITABLE', `${path}: ${messageOf(cause)}`, { cause });
  });
  if (bytes === null) return null;
  const { arrays, metadata } = contentOf(bytes, path);
  if (metadata.fingerprint !== fingerprint)
    throw new GauntletError(
      'CHECKPOINT_MISMATCH',
      `${path} is of another recipe, or of one that was trained on other data.`,
    );
  const { step, history, bestEpoch, seconds } = metadata;
  const all = [...arrays].filter(([name]) => name !== METADATA);
  const isBest = ([name]: readonly [string, unknown]) => name.startsWith(BEST);
  const chosen = all.filter(isBest).map(([name, tensor]) => [name.slice(BEST.length), tensor] as const);
  return {
    ...{ step, history, seconds },
    tensors: new Map(all.filter((entry) => !isBest(entry))),
    best: bestEpoch === null ? null : { epoch: bestEpoch, parameters: new Map(chosen) },
  };
}

function contentOf(bytes: Uint8Array, path: string) {
  try {
    const arrays = readNpz(bytes, path) as Map<string, FloatTensor>;
    return { arrays, metadata: metadataOf(arrays.get(METADATA)) };
  } catch (cause) {
    throw new GauntletError('CHECKPOINT_MISMATCH', `${path} is damaged: ${messageOf(cause)}`, { cause });
  }
}

function jsonTensor(value: unknown): Tensor {
  const data = Uint8Array.from(Buffer.from(JSON.stringify(value)));
  return { type: 'uint8', dims: [data.length], data };
}

function metadataOf(tensor: Tensor | undefined): Metadata {
  return JSON.parse(Buffer.from((tensor?.data ?? []) as Uint8Array).toString('utf8')) as Metadata;
}
