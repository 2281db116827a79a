import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { writeNpz } from '../../src/data/npz.js';
import { openDataset } from '../../src/data/registry.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { trainRecipe, type TrainOptions } from '../../src/train/train-recipe.js';

const mlp = { backbone: { kind: 'mlp', widths: [16] }, activation: 'relu', head: 'binenc', units: 4 };

/** The first 400 training and 100 test images of MNIST, as a file. */
async function writeDigits(): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), 'gauntlet-digits-')), 'digits.npz');
  const arrays = await Promise.all(
    (
      [
        ['train', 400],
        ['test', 100],
      ] as const
    ).map(async ([split, length]) => {
      const data = await openDataset({ source: 'mnist', split });
      const batch = await data.read(Array.from({ length }, (_, i) => i));
      const x: Tensor = { type: 'float32', dims: [length, 28, 28], data: batch.data };
      const y: Tensor = { type: 'int32', dims: [length], data: batch.labels };
      return { [`x_${split}`]: x, [`y_${split}`]: y };
    }),
  );
  writeFileSync(path, writeNpz(Object.assign({}, ...arrays) as Record<string, Tensor>));
  return path;
}

export const digits = await writeDigits();

/** A recipe that takes a second. */
export const tinyRecipe = {
  id: 'tiny',
  title: 'Tiny',
  data: { source: digits, validation: 80 } as Readonly<Record<string, unknown>>,
  seed: 5,
  network: mlp as Readonly<Record<string, unknown>>,
  penalty: { kind: 'mean-square', initial: 0.01, growth: 1.5, cap: 1 } as object | undefined,
  optimiser: { kind: 'adamw', learningRate: 0.003, weightDecay: 0.01 } as object,
  schedule: { kind: 'cosine' },
  epochs: 4,
  batchSize: 50,
};

/** What a recipe may ask for besides. */
interface Extras {
  readonly loss?: object;
  readonly augment?: object;
  readonly adversarial?: object;
  readonly outputLayer?: object;
  readonly earlyStop?: number;
  readonly selectFrom?: number;
}

/** Writes the recipe into a new folder and trains it there, with the checkpoint beside it. */
export function prepare(changes: Partial<typeof tinyRecipe> & Extras = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'gauntlet-train-'));
  const recipe = join(folder, 'recipe.yaml');
  writeFileSync(recipe, stringify({ ...tinyRecipe, ...changes }));
  return {
    folder,
    train: (options: TrainOptions = {}) =>
      trainRecipe(recipe, { work: join(folder, 'work'), threads: 1, ...options }),
  };
}
