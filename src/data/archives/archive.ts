import { GauntletError } from '../../errors.js';
import type { LabelledBatch } from '../../tensor/batch.js';
import { didYouMean } from '../../text/suggest.js';

/** How an archive of corrupted images is laid out. */
export type ArchiveKind = 'cifar-c' | 'mnist-c' | 'imagenet-c';

/** Corrupted copies of one test set: the same examples, in the same order, under every corruption and severity. */
export interface CorruptedArchive {
  readonly kind: ArchiveKind;
  /** Folder that holds it. */
  readonly path: string;
  /** The corruptions in it, sorted. */
  readonly names: readonly string[];
  /** The name of the uncorrupted images where the archive has them (`identity` in MNIST-C), null elsewhere; `read` takes it. */
  readonly clean: string | null;
  /** Examples under one corruption and severity. */
  readonly length: number;
  /** [C, H, W]. */
  readonly shape: readonly [channels: number, height: number, width: number];
  /** The largest label plus one, or the number of class folders. */
  readonly numClasses: number;
  /** Whether its severities have numbers: the official MNIST-C has one of each corruption, which counts as severity 1. */
  readonly levelled: boolean;
  /**
   * The severities of a corruption, ascending: 1 to 5, or 1 alone in MNIST-C, which has no levels.
   * @throws GauntletError UNKNOWN_CORRUPTION.
   */
  severities(name: string): readonly number[];
  /**
   * Examples in the order asked for: channels first, float32 in [0, 1], with true labels; keys = indices.
   * @param indices 0 to length - 1; equal indices are the same example under every corruption and severity.
   * @throws GauntletError UNKNOWN_CORRUPTION, PARAMETER_INVALID (no such severity), INDEX_RANGE, DATA_NOT_FOUND, DATA_INVALID.
   */
  read(name: string, severity: number, indices: readonly number[]): Promise<LabelledBatch>;
  /** Lets go of the open files; reading afterwards fails. */
  close(): Promise<void>;
}

/** One corruption at one severity, as the reader of a layout has it. */
export interface Level {
  readonly labels: Int32Array;
  /** Images side by side, channels first, float32 in [0, 1]; the indices are in range. */
  read(indices: readonly number[]): Promise<Float32Array>;
}

/** What a layout's reader finds in a folder. */
export interface ArchiveParts {
  readonly kind: ArchiveKind;
  readonly path: string;
  readonly shape: CorruptedArchive['shape'];
  readonly numClasses?: number;
  /** Whether severities have numbers; true by default. */
  readonly levelled?: boolean;
  /** Levels by corruption and severity. */
  readonly levels: ReadonlyMap<string, ReadonlyMap<number, Level>>;
  close(): Promise<void>;
}

/** Name of the folder of unchanged images in MNIST-C. */
const IDENTITY = 'identity';

/**
 * The archive that levels make, once they are known to belong together.
 * @throws GauntletError DATA_NOT_FOUND when there is none, DATA_MISMATCH when levels differ in length or labels.
 */
export function assembleArchive(parts: ArchiveParts): CorruptedArchive {
  const { kind, path, shape, levels, levelled = true } = parts;
  const labels = commonLabels(parts);
  const severitiesOf = (name: string): ReadonlyMap<number, Level> => {
    const found = levels.get(name);
    if (found !== undefined) return found;
    const known = [...levels.keys()];
    const hint = didYouMean(name, known) || `; it has ${known.join(', ')}`;
    throw new GauntletError('UNKNOWN_CORRUPTION', `${path} has no corruption \`${name}\`${hint}.`, {
      help: `Ask for one of ${known.join(', ')}.`,
    });
  };

  return {
    ...{ kind, path, shape, levelled },
    names: [...levels.keys()].filter((name) => name !== IDENTITY).sort(),
    clean: levels.has(IDENTITY) ? IDENTITY : null,
    length: labels.length,
    numClasses: parts.numClasses ?? labels.reduce((largest, label) => Math.max(largest, label), -1) + 1,
    severities: (name) => [...severitiesOf(name).keys()].sort((a, b) => a - b),
    read: async (name, severity, indices) => {
      const bySeverity = severitiesOf(name);
      const level = bySeverity.get(severity);
      if (level === undefined) {
        const received = `${path} has ${name} at severity ${[...bySeverity.keys()].join(', ')}, asked for ${severity}`;
        throw new GauntletError('PARAMETER_INVALID', `${received}.`, {
          help: 'Ask for a severity it has.',
        });
      }
      const stray = indices.find((index) => !Number.isInteger(index) || index < 0 || index >= labels.length);
      if (stray !== undefined) {
        const range = `${path} holds examples 0 to ${labels.length - 1}, asked for ${stray}`;
        throw new GauntletError('INDEX_RANGE', `${range}.`);
      }
      const data = await level.read(indices);
      return { shape, data, labels: Int32Array.from(indices, (index) => labels[index]!), keys: [...indices] };
    },
    close: () => parts.close(),
  };
}

/** The labels of the examples, which every level must repeat: an index stands for one example everywhere. */
function commonLabels({ path, levels }: ArchiveParts): Int32Array {
  let first: { where: string; labels: Int32Array } | undefined;
  for (const [name, bySeverity] of levels) {
    for (const [severity, { labels }] of bySeverity) {
      const where = `${name} at severity ${severity}`;
      first ??= { where, labels };
      if (labels === first.labels) continue;
      if (labels.length !== first.labels.length) {
        const received = `${first.labels.length} examples under ${first.where}, ${labels.length} under ${where}`;
        throw new GauntletError('DATA_MISMATCH', `${path} holds ${received}.`);
      }
      const stray = labels.findIndex((label, i) => label !== first!.labels[i]);
      if (stray >= 0) {
        const received = `example ${stray} has the label ${first.labels[stray]} under ${first.where}, ${labels[stray]} under ${where}`;
        throw new GauntletError('DATA_MISMATCH', `${path}: ${received}.`);
      }
    }
  }
  if (first === undefined || first.labels.length === 0) {
    throw new GauntletError('DATA_NOT_FOUND', `${path} holds no corrupted images.`);
  }
  return first.labels;
}
