import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { trainRecipe, type TrainOptions } from '../../src/train/train-recipe.js';

const mlp = { backbone: { kind: 'mlp', widths: [16] }, activation: 'relu', head: 'binenc', units: 4 };

/** A recipe that takes a second: a few hundred MNIST digits. */
export const tinyRecipe = {
  id: 'tiny',
  title: 'Tiny',
  data: { source: 'mnist', limit: 400, validation: 80 },
  seed: 5,
  network: mlp as Readonly<Record<string, unknown>>,
  penalty: { kind: 'mean-square', initial: 0.01, growth: 1.5, cap: 1 } as object | undefined,
  optimiser: { kind: 'adamw', learningRate: 0.003, weightDecay: 0.01 } as object,
  schedule: { kind: 'cosine' },
  epochs: 4,
  batchSize: 50,
};

/** Writes the recipe into a new folder and trains it there, with the checkpoint beside it. */
export function prepare(changes: Partial<typeof tinyRecipe> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'gauntlet-train-'));
  const recipe = join(folder, 'recipe.yaml');
  writeFileSync(recipe, stringify({ ...tinyRecipe, ...changes }));
  return {
    folder,
    train: (options: TrainOptions = {}) =>
      trainRecipe(recipe, { work: join(folder, 'work'), threads: 1, ...options }),
  };
}
