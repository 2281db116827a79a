import { afterAll, describe, expect, it } from '@jest/globals';
import { argmax } from '../../src/classifier/classifier.js';
import type { EngineClassifier } from '../../src/classifier/engine-classifier.js';
import type { Graph } from '../../src/graph/ir.js';
import { createClassifier } from '../../src/classifier/engine-classifier.js';
import { loadModel } from '../../src/models/load.js';
import { listZoo, resolveModel } from '../../src/models/reference.js';
import { exampleSize, sliceRow } from '../../src/tensor/batch.js';
import { randomCnn, randomMlp } from '../fixtures/graphs.js';
import { isInPackage, zooImages } from '../fixtures/zoo-images.js';
import { compareWithReference, type Agreement } from './agreement.js';
import { classifierOf, engine, loaded, randomBatch, turnLabels } from './loaded.js';
import { layerZoo } from './networks.js';

const LOGITS = 1e-5;
const GRADIENT = 1e-4;
/** Float32 resolves 6e-8; sums over some hundred products lose another digit. */
const KINK = 1e-6;

const opened: EngineClassifier[] = [];
afterAll(() => Promise.all(opened.map((classifier) => classifier.dispose())));

/** Every image agrees, or sits on a kink, where two roundings may rightly take different sides; few do. */
function expectAgreement(images: readonly Agreement[]): void {
  const apart = images.filter(({ gradient }) => !(gradient <= GRADIENT));
  expect(images.filter(({ logits }) => !(logits <= LOGITS))).toEqual([]);
  expect(images.filter(({ loss }) => !(loss <= LOGITS))).toEqual([]);
  expect(apart.filter(({ kink }) => !(kink <= KINK))).toEqual([]);
  expect(apart.length).toBeLessThanOrEqual(images.length / 16);
}

const networks: Readonly<Record<string, { graph: Graph; shape: readonly number[]; count: number }>> = {
  'a multilayer perceptron with ReLU': { graph: randomMlp(1, [64, 48, 32, 10]), shape: [64], count: 32 },
  'a perceptron with two classes': { graph: randomMlp(2, [20, 16, 2]), shape: [20], count: 32 },
  'a convolutional network with ReLU and max pooling': { graph: randomCnn(3), shape: [1, 12, 12], count: 4 },
  'a network with one of every layer kind': { graph: layerZoo(4), shape: [3, 12, 12], count: 4 },
};

describe.each(Object.entries(networks))('%s', (_name, { graph, shape, count }) => {
  it.each(['ce', 'margin'] as const)(
    'agrees with TensorFlow.js on logits, %s loss and input gradient',
    async (loss) => {
      const model = await loaded(graph);
      const classifier = await createClassifier(model, engine, { threads: 1 });
      opened.push(classifier);
      const batch = randomBatch(11, count, shape);
      const labels = turnLabels(count, model.numClasses);
      expectAgreement(await compareWithReference(classifier, graph, 'logits', batch, labels, loss));
    },
  );
});

describe('vector-Jacobian products', () => {
  it('of z_t - z_y equal the gradient of the targeted margin', async () => {
    const classifier = await classifierOf(layerZoo(5));
    opened.push(classifier);
    const batch = randomBatch(12, 9, [3, 12, 12]);
    const labels = turnLabels(9, 5);
    const targets = labels.map((label) => (label + 2) % 5);
    const cotangent = new Float32Array(9 * 5);
    labels.forEach((label, row) => {
      cotangent[row * 5 + label] = -1;
      cotangent[row * 5 + targets[row]!] = 1;
    });
    const product = await classifier.vjp(batch, cotangent);
    const gradient = await classifier.lossGradient(batch, { labels, targets, loss: 'margin-targeted' });
    expect(relativeDistances(product.gradient, gradient.gradient, exampleSize(batch))).toEqual(
      new Array(9).fill(expect.closeTo(0, 6)),
    );
    expect(product.logits).toEqual(gradient.logits);
  });
});

/** Those of the package; all others meet the second engine in test/engine/tfjs/zoo.slow.test.ts. */
const zoo = (await listZoo()).filter(({ id }) => isInPackage(id));
const describeZoo = zoo.length === 0 ? describe.skip : describe;

describeZoo('the zoo', () => {
  it.each(zoo.map(({ id }) => id))(
    '%s agrees with TensorFlow.js on logits and input gradients',
    async (id) => {
      const model = await loadModel(await resolveModel(id), engine);
      const classifier = await createClassifier(model, engine, { threads: 1 });
      opened.push(classifier);
      const batch = await zooImages(model, 32);
      const margin = await compareWithReference(
        classifier,
        model.graph,
        model.logits,
        batch,
        batch.labels,
        'margin',
      );
      expectAgreement(margin);
      // Labels other than the prediction keep the softmax away from saturation, where 1 - p has no digits left.
      const logits = await classifier.logits(batch);
      const others = batch.labels.map(
        (_label, row) => (argmax(sliceRow(logits, row, model.numClasses)) + 1) % model.numClasses,
      );
      expectAgreement(await compareWithReference(classifier, model.graph, model.logits, batch, others, 'ce'));
    },
  );
});

function relativeDistances(a: Float32Array, b: Float32Array, size: number): number[] {
  return Array.from({ length: a.length / size }, (_, row) => {
    const expected = sliceRow(b, row, size);
    const found = sliceRow(a, row, size);
    return Math.hypot(...found.map((value, i) => value - expected[i]!)) / Math.hypot(...expected);
  });
}
