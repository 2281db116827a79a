import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { createClassifier } from '../../src/classifier/engine-classifier.js';
import { toModelLayout } from '../../src/data/layout.js';
import { openDataset } from '../../src/data/registry.js';
import { loadModel } from '../../src/models/load.js';
import { resolveModel } from '../../src/models/reference.js';
import { resizeOf } from '../../src/models/resize.js';
import { sliceRow } from '../../src/tensor/batch.js';
import { compareWithReference } from '../classifier/agreement.js';
import { engine, randomBatch } from '../classifier/loaded.js';
import { fixtures } from '../fixtures/external.js';
import { randomFloats } from '../fixtures/graphs.js';

const cards = fileURLToPath(new URL('../fixtures/cards/', import.meta.url));

/** Models made elsewhere: correct predictions on the first `n` test images, as measured with other software. */
const models: Readonly<Record<string, { data: string; n: number; correct: number; softmax?: true }>> = {
  'mnist-fc_256x2': { data: 'mnist', n: 10_000, correct: 9808 },
  'mnist-fc_256x4': { data: 'mnist', n: 10_000, correct: 9764 },
  'mnist-relu_9_200': { data: 'mnist', n: 10_000, correct: 9495 },
  'mnist-verivital_maxpool': { data: 'mnist', n: 10_000, correct: 9792 },
  'mnist-onnxzoo_cntk': { data: 'mnist', n: 10_000, correct: 9891 },
  'mnist-logsig_200_100_50': { data: 'mnist', n: 10_000, correct: 9601, softmax: true },
  'mnist-eth_conv_0.1': { data: 'mnist', n: 10_000, correct: 9916 },
  'mnist-wong_convex_eps0.1': { data: 'mnist', n: 10_000, correct: 9820 },
  'mnist-fast_pgd_madry_eps0.3': { data: 'mnist', n: 10_000, correct: 9899 },
  'mnist-fast_fgsm_eps0.3': { data: 'mnist', n: 10_000, correct: 9850 },
  'fashion-wong_convex_eps0.1': { data: 'fashion-mnist', n: 10_000, correct: 7827 },
  'cifar10-resnet_2b': { data: 'cifar10', n: 1000, correct: 703 },
  'cifar10-marabou_small': { data: 'cifar10', n: 1000, correct: 630 },
  'cifar10-oval_base_kw': { data: 'cifar10', n: 1000, correct: 611 },
  'cifar10-vit_pgd_2_3_16': { data: 'cifar10', n: 1000, correct: 611 },
};

/** Those of plain layers only, which the TensorFlow.js reference can run as they are. */
const plain = [
  'mnist-fc_256x4',
  'mnist-wong_convex_eps0.1',
  'mnist-verivital_maxpool',
  'cifar10-resnet_2b',
  'cifar10-oval_base_kw',
];

async function open(id: string) {
  const { data } = models[id]!;
  const card = join(cards, `${id}.card.json`);
  const model = await loadModel(
    await resolveModel(join(fixtures!, 'models', `${id}.onnx`), { card }),
    engine,
  );
  const dataset = await openDataset({ source: data, split: 'test', dataDir: join(fixtures!, 'data') });
  const read = async (count: number) =>
    toModelLayout(await dataset.read(Array.from({ length: count }, (_, i) => i)), model.input);
  return { model, classifier: await createClassifier(model, engine), read };
}

/** What the original attack codes' authors' interpreter said of the first images, for the models it was run on. */
interface Golden {
  readonly clean: { readonly pred_first500: string; readonly logits_first5: readonly (readonly number[])[] };
}

function golden(id: string): Golden['clean'] | undefined {
  const path = join(fixtures!, 'golden', 'attacks', `${id}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Golden).clean : undefined;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  Buffer.from(buffer, byteOffset, byteLength);
const sameBits = (a: Float32Array, b: Float32Array): boolean => bytesOf(a).equals(bytesOf(b));

const suite = fixtures === undefined ? describe.skip : describe;

suite('third-party models (needs GAUNTLET_FIXTURES)', () => {
  it.each(Object.entries(models))(
    '%s is as accurate as measured elsewhere',
    async (id, { n, correct, softmax }) => {
      const { model, classifier, read } = await open(id);
      const batch = await read(n);
      const predicted = await classifier.predict(batch);
      expect(batch.labels.filter((label, row) => label === predicted[row]).length).toBe(correct);
      expect(model.softmaxRemoved).toBe(softmax ?? false);
      const reference = golden(id);
      if (reference !== undefined) {
        const count = reference.pred_first500.length;
        expect(Array.from(predicted.subarray(0, count)).join('')).toBe(reference.pred_first500);
        const logits = await classifier.logits(batch);
        reference.logits_first5.forEach((row, i) =>
          row.forEach((value, k) =>
            expect(Math.abs(sliceRow(logits, i, 10)[k]! - value)).toBeLessThanOrEqual(2e-5),
          ),
        );
      }
      await classifier.dispose();
    },
  );

  it.each(plain)('%s has the logits and input gradients of TensorFlow.js', async (id) => {
    const { model, classifier, read } = await open(id);
    const batch = await read(8);
    const images = await compareWithReference(
      classifier,
      model.graph,
      model.logits,
      batch,
      batch.labels,
      'margin',
    );
    expect(images.filter(({ logits }) => !(logits <= 1e-5))).toEqual([]);
    expect(images.filter(({ gradient, kink }) => !(gradient <= 1e-4) && !(kink <= 1e-6))).toEqual([]);
    expect(images.filter(({ gradient }) => !(gradient <= 1e-4)).length).toBeLessThanOrEqual(1);
    await classifier.dispose();
  });

  it.each(['cifar10-vit_pgd_2_3_16', 'cifar10-resnet_2b', 'mnist-eth_conv_0.1'])(
    '%s gives an example the same bits in any batch',
    async (id) => {
      const { model, classifier, read } = await open(id);
      const batch = await read(40);
      const expected = await classifier.lossGradient(batch, { labels: batch.labels, loss: 'ce' });
      for (const [engineBatch, threads] of [
        [37, 1],
        [1, 2],
      ] as const) {
        const other = await createClassifier(model, engine, { engineBatch, threads });
        const found = await other.lossGradient(batch, { labels: batch.labels, loss: 'ce' });
        expect(sameBits(found.gradient, expected.gradient)).toBe(true);
        expect(sameBits(await other.logits(batch), await classifier.logits(batch))).toBe(true);
        await other.dispose();
      }
      await classifier.dispose();
    },
  );

  it('a binarised network still gives logits, and says which operator blocks its gradient', async () => {
    const id = 'gtsrb-bnn_30';
    const card = join(cards, `${id}.card.json`);
    const model = await loadModel(
      await resolveModel(join(fixtures!, 'models', `${id}.onnx`), { card }),
      engine,
    );
    expect(model).toMatchObject({
      numClasses: 43,
      softmaxRemoved: true,
      input: { shape: [30, 30, 3], layout: 'NHWC' },
    });
    const classifier = await createClassifier(model, engine);
    const batch = randomBatch(1, 3, [30, 30, 3]);
    expect((await classifier.logits(batch)).every(Number.isFinite)).toBe(true);
    await expect(
      classifier.lossGradient(batch, { labels: Int32Array.of(0, 1, 2), loss: 'ce' }),
    ).rejects.toMatchObject({ key: 'GRADIENT_BLOCKED', message: expect.stringContaining('Sign') });
    await classifier.dispose();
  });

  it('a binarised network has its accuracy on pictures resized as its card says', async () => {
    const card = join(cards, 'gtsrb-bnn_30.card.json');
    const reference = await resolveModel(join(fixtures!, 'models/gtsrb-bnn_30.onnx'), { card });
    const model = await loadModel(reference, engine);
    const classifier = await createClassifier(model, engine);
    const dataset = await openDataset({
      source: 'gtsrb',
      split: 'test',
      dataDir: join(fixtures!, 'data'),
      ...(await resizeOf([reference])),
    });
    const signs = await dataset.read(Array.from({ length: dataset.length }, (_, i) => i));
    const predicted = await classifier.predict(toModelLayout(signs, model.input));
    const correct = predicted.filter((label, row) => label === signs.labels[row]).length;
    // Published elsewhere: 82.19 % of 1,263 signs as frequent as on the road. These are ten of each of the 43 classes.
    expect([dataset.length, correct]).toEqual([430, 331]);
    await classifier.dispose();
  });

  it('a binarised network has straight-through gradients that lead where random steps do not', async () => {
    const id = 'gtsrb-bnn_30';
    const model = await loadModel(
      await resolveModel(join(fixtures!, 'models', `${id}.onnx`), { card: join(cards, `${id}.card.json`) }),
      engine,
    );
    const classifier = await createClassifier(model, engine, { straightThrough: true });
    const batch = randomBatch(1, 60, [30, 30, 3]);
    const labels = await classifier.predict(batch);
    const { gradient } = await classifier.lossGradient(batch, { labels, loss: 'margin' });
    expect(gradient.every(Number.isFinite)).toBe(true);
    const moved = async (direction: Float32Array) => {
      const data = batch.data.map((value, i) => value + (4 / 255) * Math.sign(direction[i]!));
      const found = await classifier.predict({ ...batch, data });
      return found.filter((label, row) => label !== labels[row]).length;
    };
    const random = await moved(randomFloats(5, gradient.length));
    expect(await moved(gradient)).toBeGreaterThan(Math.max(30, 2 * random));
    await classifier.dispose();
  });

  it.each(Object.keys(models))('%s has an input gradient', async (id) => {
    const { classifier, read } = await open(id);
    const batch = await read(4);
    const { gradient } = await classifier.lossGradient(batch, { labels: batch.labels, loss: 'margin' });
    expect(gradient.every(Number.isFinite)).toBe(true);
    expect(gradient.some((value) => value !== 0)).toBe(true);
    await classifier.dispose();
  });
});
