import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readOnnx } from '../../src/graph/onnx/read.js';
import { readCard } from '../../src/models/card.js';
import type { EpochMetrics } from '../../src/train/state.js';
import { prepare, tinyRecipe } from './tiny-training.js';

/** The card without the one thing that may differ between equal trainings. */
const cardWithoutTime = (path: string): string => readFileSync(path, 'utf8').replace(/"seconds": \d+/, '');

describe('training a recipe', () => {
  it('lowers the loss of a small CNN', async () => {
    const history: EpochMetrics[] = [];
    const network = {
      backbone: { kind: 'cnn', channels: [4, 8], widths: [16] },
      activation: 'relu',
      head: 'nopen',
    };
    const optimiser = { kind: 'adam', learningRate: 0.01 };
    const { train } = prepare({ network, optimiser, penalty: undefined });
    await train({ onEpoch: (metrics) => history.push(metrics) });
    expect(history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(history[3]!.loss).toBeLessThan(0.8 * history[0]!.loss);
    expect(history[3]!.validation.correct).toBeGreaterThan(history[0]!.validation.correct);
  });

  it('writes a model with the named outputs, and a card that tells how it was made', async () => {
    const { train } = prepare();
    const { modelPath, cardPath } = await train();
    const graph = readOnnx(readFileSync(modelPath), modelPath);
    expect(graph.inputs).toEqual([{ name: 'input', type: 'float32', dims: ['batch', 1, 28, 28] }]);
    expect(graph.outputs.map(({ name, dims }) => [name, dims])).toEqual([
      ['logits', ['batch', 10]],
      ['features', ['batch', 4]],
    ]);
    const card = await readCard(cardPath);
    expect(card).toMatchObject({ id: 'tiny', features: 'features', data: { source: 'mnist' } });
    expect(card.training).toMatchObject({
      head: 'BinEnc',
      epochs: 4,
      steps: 4 * Math.ceil(320 / 50),
      accuracy: { train: { n: 320 }, validation: { n: 80 }, test: { n: 10_000 } },
    });
  });

  it('chooses the first epoch with the best validation accuracy, not before the one allowed', async () => {
    const history: EpochMetrics[] = [];
    const { train } = prepare({ ...tinyRecipe, selectFrom: 3 } as typeof tinyRecipe);
    const { cardPath } = await train({ onEpoch: (metrics) => history.push(metrics) });
    const allowed = history.slice(2);
    const best = Math.max(...allowed.map(({ validation }) => validation.correct));
    const { training } = await readCard(cardPath);
    expect(training).toMatchObject({
      chosenEpoch: allowed.find(({ validation }) => validation.correct === best)!.epoch,
      accuracy: { validation: { correct: best } },
    });
  });
});

describe('a training that was interrupted', () => {
  it('gives the same bytes when it is resumed as one that was not', async () => {
    const whole = prepare();
    const expected = await whole.train();

    const halved = prepare();
    const stop = new AbortController();
    const reason = new Error('stopped');
    const interrupted = halved.train({
      signal: stop.signal,
      onEpoch: ({ epoch }) => epoch === 2 && stop.abort(reason),
    });
    await expect(interrupted).rejects.toBe(reason);
    expect(existsSync(join(halved.folder, 'model.onnx'))).toBe(false);

    const epochs: number[] = [];
    const resumed = await halved.train({ onEpoch: ({ epoch }) => epochs.push(epoch) });
    expect(epochs).toEqual([3, 4]);
    expect(readFileSync(resumed.modelPath).equals(readFileSync(expected.modelPath))).toBe(true);
    expect(cardWithoutTime(resumed.cardPath)).toBe(cardWithoutTime(expected.cardPath));
    const metrics = ({ folder }: typeof whole) => readFileSync(join(folder, 'work', 'metrics.jsonl'), 'utf8');
    expect(metrics(halved)).toBe(metrics(whole));
  });

  it('begins anew where that is asked for, or where the recipe has changed', async () => {
    const interrupt = async (recipe: ReturnType<typeof prepare>) => {
      const stop = new AbortController();
      await expect(recipe.train({ signal: stop.signal, onEpoch: () => stop.abort() })).rejects.toThrow();
    };
    const epochsOf = async (recipe: ReturnType<typeof prepare>, resume: boolean) => {
      const epochs: number[] = [];
      await recipe.train({ resume, onEpoch: ({ epoch }) => epochs.push(epoch) });
      return epochs;
    };
    const asked = prepare({ epochs: 2 });
    await interrupt(asked);
    expect(await epochsOf(asked, false)).toEqual([1, 2]);

    const changed = prepare({ epochs: 2 });
    await interrupt(changed);
    const file = join(changed.folder, 'recipe.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('seed: 5', 'seed: 6'));
    expect(await epochsOf(changed, true)).toEqual([1, 2]);
  });
});

describe('a training that cannot succeed', () => {
  it('stops with TRAINING_DIVERGED when the loss is no longer finite', async () => {
    const { train, folder } = prepare({ optimiser: { kind: 'sgd', learningRate: 1e20 } });
    await expect(train()).rejects.toMatchObject({ key: 'TRAINING_DIVERGED' });
    expect(existsSync(join(folder, 'model.onnx'))).toBe(false);
  });

  it('names a validation split that leaves nothing to train on', async () => {
    const { train } = prepare({ data: { source: 'mnist', limit: 80, validation: 80 } });
    await expect(train()).rejects.toMatchObject({ key: 'RECIPE_INVALID' });
  });

  it('says so when the checkpoint cannot be written', async () => {
    const { train, folder } = prepare();
    writeFileSync(join(folder, 'work'), 'a file where the folder should be');
    await expect(train()).rejects.toMatchObject({ key: 'OUTPUT_UNWRITABLE' });
  });
});
