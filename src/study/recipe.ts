import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { writeFileAtomic } from '../results/atomic-file.js';
import type { RecipeFile } from '../train/recipe-schema.js';
import { parseRecipe, readRecipe, type Recipe } from '../train/recipe.js';
import type { StudyPlan, Training } from './plan.js';

/** The recipe of a training, as a file says it and with every default filled in. */
export interface StudyRecipe {
  readonly text: string;
  readonly recipe: Recipe;
}

/**
 * The recipe of a training: that of its setting and head with another id, title, seed and learning rate, and for a long training
 * its changes.
 * @param learningRate the candidate, or the one chosen
 * @throws GauntletError RECIPE_INVALID
 */
export async function studyRecipe(
  plan: StudyPlan,
  training: Training,
  learningRate: number,
): Promise<StudyRecipe> {
  const { id, seed, setting, head, changes, penalty } = training;
  const path = join(plan.recipes, `${setting}-${head}`, 'recipe.yaml');
  const base = await readRecipe(path);
  const file = parse(await readFile(path, 'utf8')) as RecipeFile;
  const text = stringify({
    ...file,
    ...changes,
    ...(base.penalty !== null && penalty && { penalty }),
    ...{ id, seed, title: `${file.title}, ${id.slice(setting.length + head.length + 2)}` },
    optimiser: { ...file.optimiser, learningRate },
  });
  return { text, recipe: parseRecipe(text, `recipe of ${id}`) };
}

/** Writes it into the folder of its model. @throws GauntletError OUTPUT_UNWRITABLE, DISK_FULL */
export const writeStudyRecipe = (folder: string, { text }: StudyRecipe): Promise<void> =>
  writeFileAtomic(join(folder, 'recipe.yaml'), text);
