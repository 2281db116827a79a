import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { openDataset } from '../../src/data/registry.js';
import { createOnnxRuntimeEngine } from '../../src/engine/onnxruntime/engine.js';
import { readOnnx } from '../../src/graph/onnx/read.js';
import { readCard, type ModelCard } from '../../src/models/card.js';
import { resourcePath } from '../../src/resources.js';
import { trainingOf } from '../../src/train/card.js';
import { evaluateNetwork } from '../../src/train/evaluate.js';
import { readRecipe } from '../../src/train/recipe.js';

/** Every folder of the zoo has a recipe; models whose digits come with the package are measured here. */
const all = readdirSync(resourcePath('zoo')).filter((name) => name !== 'README.md');
const ids = all.filter((id) => id.startsWith('mnist-mlp-'));
const trained = all.filter((id) => existsSync(resourcePath('zoo', id, 'model.onnx')));

/** Of 10,000: what another machine's rounding may change. */
const ROUNDING = 10;

const trainingIn = (card: ModelCard) => trainingOf(card)!;

async function measured(id: string) {
  const path = resourcePath('zoo', id, 'model.onnx');
  const graph = readOnnx(readFileSync(path), path);
  const session = await (await createOnnxRuntimeEngine()).compile(graph, { threads: 1 });
  const data = await openDataset({ source: 'mnist', split: 'test' });
  const indices = Uint32Array.from({ length: data.length }, (_, i) => i);
  const latentWidth = Number(graph.outputs.find(({ name }) => name === 'features')!.dims[1]);
  try {
    return await evaluateNetwork({ session, latentWidth, signal: undefined }, new Map(), data, indices);
  } finally {
    await session.release();
  }
}

describe('the trained models of the zoo', () => {
  it('are four heads on every network and data set, and an adversarially trained CNN', () => {
    const heads = ['binenc', 'linpen', 'nonlinpen', 'nopen'];
    const each = (network: string, more: string[] = []) =>
      [...heads, ...more].map((head) => `${network}-${head}`);
    const digits = ['fashion-mnist', 'mnist'].flatMap((data) => [
      ...each(`${data}-cnn`, ['pgd-at']),
      ...each(`${data}-mlp`),
    ]);
    expect(all.toSorted()).toEqual([...each('cifar10-resnet8'), ...digits].toSorted());
  });

  it.each(ids)('%s has the accuracy and the latent space that its card tells', async (id) => {
    const { accuracy, latent } = trainingIn(await readCard(resourcePath('zoo', id, 'card.json')));
    const found = await measured(id);
    expect(found.count.n).toBe(10_000);
    expect(Math.abs(found.count.correct - accuracy.test.correct)).toBeLessThanOrEqual(ROUNDING);
    expect(found.count.correct).toBeGreaterThan(9_750);
    expect(Math.abs(found.latent.sameCode - latent.test.sameCode)).toBeLessThan(ROUNDING / 10_000);
  });

  it.each(trained)('%s is what its recipe makes, and small', async (id) => {
    const card = await readCard(resourcePath('zoo', id, 'card.json'));
    expect(trainingIn(card).recipe).toEqual(await readRecipe(resourcePath('zoo', id, 'recipe.yaml')));
    expect(card.id).toBe(id);
    expect(statSync(resourcePath('zoo', id, 'model.onnx')).size).toBeLessThan(1.2e6);
  });

  it('give most digits of a class one binary code with BinEnc, and do not without the penalty', async () => {
    const sameCode = async (id: string) =>
      trainingIn(await readCard(resourcePath('zoo', id, 'card.json'))).latent.test.sameCode;
    expect(await sameCode('mnist-mlp-binenc')).toBeGreaterThan(0.95);
    for (const id of ['mnist-mlp-linpen', 'mnist-mlp-nopen']) expect(await sameCode(id)).toBeLessThan(0.5);
  });
});
