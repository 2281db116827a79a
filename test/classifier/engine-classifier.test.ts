import { afterAll, describe, expect, it } from '@jest/globals';
import type { EngineClassifier } from '../../src/classifier/engine-classifier.js';
import { GraphBuilder, int } from '../../src/graph/builder.js';
import { BATCH, type Graph } from '../../src/graph/ir.js';
import { exampleSize, takeExamples, takeRows } from '../../src/tensor/batch.js';
import { randomCnn, randomMlp } from '../fixtures/graphs.js';
import { classifierOf, randomBatch, turnLabels } from './loaded.js';
import { layerZoo, shortRows } from './networks.js';

const opened: EngineClassifier[] = [];
const open = async (...args: Parameters<typeof classifierOf>): Promise<EngineClassifier> => {
  const classifier = await classifierOf(...args);
  opened.push(classifier);
  return classifier;
};
afterAll(() => Promise.all(opened.map((classifier) => classifier.dispose())));

/** logits = (x, log x): NaN wherever an input is negative, minus infinity at zero. */
function logarithms(): Graph {
  const builder = new GraphBuilder({ name: 'logarithms', opsets: { '': 17 } });
  builder.input('x', 'float32', [BATCH, 2]);
  builder.addNamed('Log', ['x'], 'logits');
  builder.output('logits', 'float32', [BATCH, 2]);
  return builder.build();
}

/** logits = x * hardmax(x): an operator no gradient passes through stands between input and logits. */
function winnerTakesAll(): Graph {
  const builder = new GraphBuilder({ name: 'winner-takes-all', opsets: { '': 17 } });
  builder.input('x', 'float32', [BATCH, 3]);
  builder.addNamed('Hardmax', ['x'], 'winner', { axis: int(1) });
  builder.addNamed('Mul', ['x', 'winner'], 'logits');
  builder.output('logits', 'float32', [BATCH, 3]);
  return builder.build();
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  Buffer.from(buffer, byteOffset, byteLength);
const sameBits = (a: Float32Array, b: Float32Array): boolean => bytesOf(a).equals(bytesOf(b));

describe('a classifier', () => {
  const networks: Readonly<Record<string, { graph: Graph; shape: readonly number[]; classes: number }>> = {
    perceptron: { graph: randomMlp(1, [40, 30, 10]), shape: [40], classes: 10 },
    convolutional: { graph: randomCnn(2), shape: [1, 12, 12], classes: 10 },
    'with sums over short rows': { graph: shortRows(8), shape: [35], classes: 7 },
    'with every layer kind': { graph: layerZoo(3), shape: [3, 12, 12], classes: 5 },
  };

  it.each(Object.entries(networks))(
    '(%s) gives an example the same bits in any batch',
    async (_name, { graph, shape, classes }) => {
      const whole = randomBatch(5, 70, shape);
      const labels = turnLabels(70, classes);
      const reference = await open(graph, {}, { engineBatch: 70 });
      const logits = await reference.logits(whole);
      const gradient = await reference.lossGradient(whole, { labels, loss: 'ce' });
      for (const engineBatch of [1, 7, 64]) {
        const pieces = await open(graph, {}, { engineBatch });
        expect(sameBits(await pieces.logits(whole), logits)).toBe(true);
        const found = await pieces.lossGradient(whole, { labels, loss: 'ce' });
        expect(sameBits(found.logits, gradient.logits)).toBe(true);
        expect(sameBits(found.loss, gradient.loss)).toBe(true);
        expect(sameBits(found.gradient, gradient.gradient)).toBe(true);
      }
      const rows = [69, 3, 64];
      const some = takeExamples({ ...whole, labels }, rows);
      const alone = await reference.lossGradient(some, { labels: some.labels, loss: 'ce' });
      expect(alone.loss).toEqual(Float32Array.from(rows, (row) => gradient.loss[row]!));
      expect(sameBits(alone.gradient, takeRows(gradient.gradient, rows, exampleSize(whole)))).toBe(true);
    },
  );

  it('predicts the largest logit', async () => {
    const classifier = await open(layerZoo(4));
    const batch = randomBatch(6, 20, [3, 12, 12]);
    const logits = await classifier.logits(batch);
    const largest = batch.keys.map((row) => {
      const z = Array.from(logits.subarray(row * 5, row * 5 + 5));
      return z.indexOf(Math.max(...z));
    });
    expect(Array.from(await classifier.predict(batch))).toEqual(largest);
  });

  it('takes an empty batch', async () => {
    const classifier = await open(randomMlp(3, [4, 3]));
    const empty = { shape: [4], keys: [], data: new Float32Array(0) };
    expect(await classifier.logits(empty)).toEqual(new Float32Array(0));
    expect(await classifier.predict(empty)).toEqual(new Int32Array(0));
    expect(
      (await classifier.lossGradient(empty, { labels: new Int32Array(0), loss: 'ce' })).gradient,
    ).toHaveLength(0);
  });

  it('returns features when the card names them, and says so when it does not', async () => {
    const graph = layerZoo(6);
    const batch = randomBatch(7, 3, [3, 12, 12]);
    const named = await open(graph, { output: 'logits', features: 'features' });
    const features = await named.features(batch);
    expect(features).toHaveLength(3 * 16);
    expect(Array.from(features).some((value) => value !== 0)).toBe(true);
    const unnamed = await open(graph);
    await expect(unnamed.features(batch)).rejects.toMatchObject({ key: 'NO_FEATURES' });
  });

  it('passes on whatever numbers the model gives, row by row', async () => {
    const classifier = await open(logarithms());
    const batch = { shape: [2], keys: [0, 1, 2], data: Float32Array.of(0.5, 0.25, -1, 0.5, 0, 1) };
    expect(Array.from(await classifier.predict(batch))).toEqual([0, -1, -1]);
    const logits = await classifier.logits(batch);
    expect(Array.from(logits).map(Number.isFinite)).toEqual([true, true, false, true, false, true]);
  });

  it('still gives logits where an operator blocks the gradient, and names the operator when asked for that', async () => {
    const classifier = await open(winnerTakesAll());
    const batch = { shape: [3], keys: [0], data: Float32Array.of(0.25, 0.75, 0.5) };
    expect(await classifier.logits(batch)).toEqual(Float32Array.of(0, 0.75, 0));
    const gradient = classifier.lossGradient(batch, { labels: Int32Array.of(0), loss: 'ce' });
    await expect(gradient).rejects.toMatchObject({
      key: 'GRADIENT_BLOCKED',
      message: expect.stringContaining('Hardmax'),
    });
    await expect(classifier.vjp(batch, new Float32Array(3))).rejects.toMatchObject({
      key: 'GRADIENT_BLOCKED',
    });
    expect(await classifier.predict(batch)).toEqual(Int32Array.of(1));
  });

  it('accepts the same pixels with axes of length one added or dropped, and flat', async () => {
    const classifier = await open(randomCnn(5));
    const batch = randomBatch(8, 2, [1, 12, 12]);
    const logits = await classifier.logits(batch);
    for (const shape of [[12, 12], [12, 12, 1], [144]]) {
      expect(await classifier.logits({ ...batch, shape })).toEqual(logits);
    }
  });

  it.each([
    ['of another size', [1, 14, 14]],
    ['with permuted axes', [12, 12, 3]],
  ])('refuses examples %s, naming both shapes', async (_what, shape) => {
    const classifier = await open(layerZoo(7));
    await expect(classifier.logits(randomBatch(9, 2, shape))).rejects.toMatchObject({
      key: 'INPUT_SHAPE',
      message: expect.stringMatching(new RegExp(`\\[${shape.join(', ')}\\].*\\[3, 12, 12\\]`)),
    });
  });

  it('refuses data that is not a whole number of examples', async () => {
    const classifier = await open(randomMlp(4, [4, 3]));
    const batch = { shape: [4], keys: [0, 1], data: new Float32Array(7) };
    await expect(classifier.logits(batch)).rejects.toMatchObject({ key: 'INPUT_SHAPE' });
    await expect(
      classifier.vjp({ ...batch, data: new Float32Array(8) }, new Float32Array(5)),
    ).rejects.toMatchObject({
      key: 'INPUT_SHAPE',
    });
  });

  it.each([
    ['out of range', [0, 3]],
    ['negative', [-1, 0]],
    ['too few', [0]],
  ])('refuses labels that are %s', async (_what, labels) => {
    const classifier = await open(randomMlp(5, [4, 3]));
    const request = { labels: Int32Array.from(labels), loss: 'ce' };
    await expect(classifier.lossGradient(randomBatch(1, 2, [4]), request)).rejects.toMatchObject({
      key: 'DATA_MISMATCH',
    });
  });

  it('refuses an unknown loss, and a loss between two classes without targets', async () => {
    const classifier = await open(randomMlp(6, [4, 3]));
    const batch = randomBatch(1, 2, [4]);
    const labels = Int32Array.of(0, 1);
    await expect(classifier.lossGradient(batch, { labels, loss: 'nothing' })).rejects.toMatchObject({
      key: 'UNKNOWN_LOSS',
    });
    await expect(classifier.lossGradient(batch, { labels, loss: 'margin-targeted' })).rejects.toMatchObject({
      key: 'PARAMETER_INVALID',
    });
  });
});
