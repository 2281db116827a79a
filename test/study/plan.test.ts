import { describe, expect, it } from '@jest/globals';
import { binencPlan, trainingsOf } from '../../src/study/plan.js';
import { studyRecipe } from '../../src/study/recipe.js';
import { findSuite } from '../../src/suite/find.js';

const trainings = trainingsOf(binencPlan);
const ofPart = (part: string) => trainings.filter((training) => training.part === part);

describe('the plan of the BinEnc study', () => {
  it('searches 48 trainings, replicates 80 and makes eight long ones, each with an id of its own', () => {
    expect([ofPart('search'), ofPart('replicate'), ofPart('long')].map(({ length }) => length)).toEqual([
      48, 80, 8,
    ]);
    expect(new Set(trainings.map(({ id }) => id)).size).toBe(trainings.length);
  });

  it('tries the same learning rates for every head, with a seed that no replicate has', () => {
    for (const { id } of binencPlan.settings) {
      for (const head of binencPlan.heads) {
        const own = ofPart('search').filter((one) => one.setting === id && one.head === head.id);
        expect(own.map(({ learningRate }) => learningRate)).toEqual([...binencPlan.candidates]);
        expect(new Set(own.map(({ seed }) => seed))).toEqual(new Set([binencPlan.searchSeed]));
      }
    }
    expect(binencPlan.seeds).not.toContain(binencPlan.searchSeed);
  });

  it('names suites that there are, of the data set of the setting', async () => {
    for (const { id, suite } of binencPlan.settings) {
      const { dataset } = await findSuite(suite);
      expect(id.startsWith(`${dataset.source}-`)).toBe(true);
    }
  });

  it('changes nothing of a recipe but id, title, seed and learning rate', async () => {
    for (const training of ofPart('replicate').filter(({ seed }) => seed === 3)) {
      const { recipe } = await studyRecipe(binencPlan, training, 3e-4);
      const zoo = await studyRecipe(binencPlan, { ...training, seed: 0 }, 1e-3);
      expect(recipe).toMatchObject({ id: training.id, seed: 3, optimiser: { learningRate: 3e-4 } });
      const { optimiser, ...rest } = zoo.recipe;
      expect(recipe).toEqual({ ...rest, seed: 3, optimiser: { ...optimiser, learningRate: 3e-4 } });
    }
  });

  it('trains the long ones four times as long and more, with gamma at its end before weights may be chosen', async () => {
    const of = async (id: string) =>
      studyRecipe(
        binencPlan,
        trainings.find((one) => one.id === id)!,
        1e-3,
      ).then(({ recipe }) => recipe);
    expect((await of('mnist-mlp-binenc-long-s0')).epochs).toBeGreaterThanOrEqual(300);
    for (const training of ofPart('long')) {
      const recipe = await of(training.id);
      const replicate = await of(`${training.setting}-${training.head}-s0`);
      expect(recipe.epochs).toBeGreaterThanOrEqual(4 * replicate.epochs);
      if (recipe.penalty === null) continue;
      const { initial, growth, cap } = recipe.penalty;
      expect(initial * growth ** (recipe.selectFrom - 1)).toBeGreaterThanOrEqual(cap);
    }
    expect(new Set(ofPart('long').map(({ head }) => head))).toEqual(new Set(['binenc', 'linpen']));
  });
});
