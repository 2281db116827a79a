import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readOnnx } from '../../src/graph/onnx/read.js';
import { readCard } from '../../src/models/card.js';
import type { EpochMetrics } from '../../src/train/state.js';
import { digits, prepare, tinyRecipe } from './tiny-training.js';

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
    expect(card).toMatchObject({ id: 'tiny', features: 'features', data: { source: digits } });
    expect(card.training).toMatchObject({
      head: 'BinEnc',
      epochs: 4,
      steps: 4 * Math.ceil(320 / 50),
      accuracy: { train: { n: 320 }, validation: { n: 80 }, test: { n: 100 } },
    });
  });

  it('chooses the first epoch with the best validation accuracy, not before the one allowed', async () => {
    const history: EpochMetrics[] = [];
    const { train } = prepare({ selectFrom: 3 });
    const { cardPath } = await train({ onEpoch: (metrics) => history.push(metrics) });
    const allowed = history.slice(2);
    const best = Math.max(...allowed.map(({ validation }) => validation.correct));
    const { training } = await readCard(cardPath);
    expect(training).toMatchObject({
      chosenEpoch: allowed.find(({ validation }) => validation.correct === best)!.epoch,
      accuracy: { validation: { correct: best } },
    });
  });

  it('writes how the training went, epoch by epoch', async () => {
    const history: EpochMetrics[] = [];
    const { train } = prepare();
    const { cardPath } = await train({ onEpoch: (metrics) => history.push(metrics) });
    const curves = (await readCard(cardPath)).training!['curves'] as Record<string, number[]>;
    expect(curves['penaltyStrength']).toEqual(history.map(({ penaltyStrength }) => penaltyStrength));
    expect(curves['validation']).toEqual(history.map(({ validation }) => validation.correct / validation.n));
    history.forEach(({ loss }, epoch) => expect(curves['loss']![epoch]! / loss).toBeCloseTo(1, 3));
  });
});

describe('what a recipe may ask for', () => {
  const metricsOf = async (changes: Parameters<typeof prepare>[0]) => {
    const history: EpochMetrics[] = [];
    const { train } = prepare(changes);
    const { cardPath } = await train({ onEpoch: (metrics) => history.push(metrics) });
    return { history, card: await readCard(cardPath) };
  };
  const head = (id: string) => ({ ...tinyRecipe.network, head: id });

  it('a learning rate of the output layer that stays while the others decay', async () => {
    const { history } = await metricsOf({ outputLayer: {}, epochs: 2 });
    expect(history.map(({ outputLearningRate }) => outputLearningRate)).toEqual([0.003, 0.003]);
    expect(history[1]!.learningRate).toBeLessThan(1e-9);
  });

  it('an early stop, which keeps the best epoch', async () => {
    const optimiser = { kind: 'sgd', learningRate: 1e-9 };
    const { history, card } = await metricsOf({ earlyStop: 2, epochs: 9, optimiser });
    expect(history).toHaveLength(3);
    expect(card.training).toMatchObject({ epochs: 3, chosenEpoch: 1 });
  });

  it.each([
    ['ArcFace', { network: head('linpen'), penalty: undefined, loss: { kind: 'arcface', scale: 16 } }],
    ['dropout', { network: head('dropout-linpen'), penalty: undefined }],
    ['augmentation', { augment: { flip: true, crop: 2 } }],
    ['adversarial examples', { adversarial: { epsilon: 0.1, stepSize: 0.05, steps: 2, warmUp: 1 } }],
    [
      'a residual network',
      {
        network: { ...head('binenc'), backbone: { kind: 'resnet', depth: 8, widths: [2, 3, 4] } },
        data: { source: digits, limit: 150, validation: 50 },
        batchSize: 10,
        optimiser: { kind: 'adamw', learningRate: 0.02 },
      },
    ],
  ])('%s, under which the loss falls', async (_what, changes) => {
    const optimiser = { kind: 'adamw', learningRate: 0.01 };
    const { history } = await metricsOf({ epochs: 3, optimiser, ...changes });
    expect(history[2]!.crossEntropy).toBeLessThan(0.95 * history[0]!.crossEntropy);
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

  it('begins anew where that is asked for; the checkpoint of another recipe is refused', async () => {
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
    await expect(changed.train()).rejects.toMatchObject({
      key: 'CHECKPOINT_MISMATCH',
      message: expect.stringContaining('another recipe') as unknown,
    });
    expect(await epochsOf(changed, false)).toEqual([1, 2]);
  });
});

describe('a training that cannot succeed', () => {
  it('stops with TRAINING_DIVERGED when the loss is no longer finite, naming epoch and batch', async () => {
    const { train, folder } = prepare({ optimiser: { kind: 'sgd', learningRate: 1e20 } });
    await expect(train()).rejects.toMatchObject({
      key: 'TRAINING_DIVERGED',
      message: expect.stringMatching(/^The loss is not finite at batch \d of 7 in epoch 1\.$/) as unknown,
    });
    expect(existsSync(join(folder, 'model.onnx'))).toBe(false);
  });

  it('keeps the checkpoint of the last good epoch when a later one diverges', async () => {
    // Grows by a factor of 10^30 after the first epoch.
    const schedule = { kind: 'step', after: 1, every: 10, factor: 1e30 };
    const { train, folder } = prepare({ schedule, optimiser: { kind: 'sgd', learningRate: 0.01 } });
    await expect(train()).rejects.toMatchObject({
      key: 'TRAINING_DIVERGED',
      message: expect.stringContaining('in epoch 2') as unknown,
    });
    expect(existsSync(join(folder, 'work', 'checkpoint.npz'))).toBe(true);
    expect(
      readFileSync(join(folder, 'work', 'metrics.jsonl'), 'utf8')
        .trim()
        .split('\n'),
    ).toHaveLength(1);
  });

  it('keeps the last good checkpoint when the next one cannot be written', async () => {
    const { train, folder } = prepare();
    const checkpoint = join(folder, 'work', 'checkpoint.npz');
    let good = Buffer.alloc(0);
    const stopped = train({
      onEpoch: ({ epoch }) => {
        if (epoch !== 1) return;
        good = readFileSync(checkpoint);
        // Renaming a file over a folder that is not empty fails, as writing to a full disk would.
        rmSync(checkpoint);
        mkdirSync(join(checkpoint, 'in the way'), { recursive: true });
      },
    });
    await expect(stopped).rejects.toMatchObject({ key: 'OUTPUT_UNWRITABLE' });
    rmSync(checkpoint, { recursive: true });
    writeFileSync(checkpoint, good);
    const epochs: number[] = [];
    await train({ onEpoch: ({ epoch }) => epochs.push(epoch) });
    expect(epochs).toEqual([2, 3, 4]);
  });

  it('refuses a damaged checkpoint, saying what to do', async () => {
    const { train, folder } = prepare();
    mkdirSync(join(folder, 'work'));
    writeFileSync(join(folder, 'work', 'checkpoint.npz'), 'no archive');
    await expect(train()).rejects.toMatchObject({
      key: 'CHECKPOINT_MISMATCH',
      message: expect.stringContaining('damaged') as unknown,
      help: expect.stringContaining('--no-resume') as unknown,
    });
  });

  it('names data of another shape than the recipe is for', async () => {
    const { train } = prepare({ data: { ...tinyRecipe.data, shape: [3, 32, 32] } });
    await expect(train()).rejects.toMatchObject({
      key: 'RECIPE_INVALID',
      message: expect.stringContaining('[3, 32, 32] are wanted, those of ') as unknown,
    });
  });

  it('names a validation split that leaves nothing to train on', async () => {
    const { train } = prepare({ data: { source: digits, limit: 80, validation: 80 } });
    await expect(train()).rejects.toMatchObject({ key: 'RECIPE_INVALID' });
  });

  it('says so when the checkpoint cannot be written', async () => {
    const { train, folder } = prepare();
    writeFileSync(join(folder, 'work'), 'a file where the folder should be');
    await expect(train()).rejects.toMatchObject({ key: 'OUTPUT_UNWRITABLE' });
  });
});
