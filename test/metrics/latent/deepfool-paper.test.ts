import { describe, expect, it } from '@jest/globals';
import { createClassifier } from '../../../src/classifier/engine-classifier.js';
import { createOnnxRuntimeEngine } from '../../../src/engine/onnxruntime/engine.js';
import { GraphBuilder } from '../../../src/graph/builder.js';
import { BATCH, type Graph } from '../../../src/graph/ir.js';
import {
  deepFoolPaper,
  summariseDeepFool,
  type DeepFoolOutcome,
} from '../../../src/metrics/latent/deepfool-paper.js';
import { perElement } from '../../../src/metrics/latent/normalisation.js';
import { asClassifier } from '../../../src/models/load.js';
import { floatTensor } from '../../../src/tensor/tensor.js';
import { randomMlp } from '../../fixtures/graphs.js';

const engine = await createOnnxRuntimeEngine();

const open = async (graph: Graph) =>
  createClassifier({ id: graph.name, sha256: '', bytes: 0, ...(await asClassifier(graph, engine)) }, engine);

/** logits = x W, W of [from, to]. */
function linear(weights: readonly number[], from: number, to: number): Graph {
  const builder = new GraphBuilder({ name: 'linear', opsets: { '': 17 } });
  const x = builder.input('x', 'float32', [BATCH, from]);
  const w = builder.initializer('w', floatTensor(Float32Array.from(weights), [from, to]));
  builder.addNamed('MatMul', [x, w], 'logits');
  builder.output('logits', 'float32', [BATCH, to]);
  return builder.build();
}

const examples = (data: readonly number[], size: number, labels: readonly number[]) => ({
  ...{ shape: [size], data: Float32Array.from(data) },
  ...{ keys: labels.map((_label, i) => i + 10), labels: Int32Array.from(labels) },
});

describe("the paper's DeepFool", () => {
  it('on a linear classifier takes one step of the distance to the boundary in normalised coordinates', async () => {
    // Margin 2 x_0 - x_1 in raw units; with std (2, 2) and mean (1, 1): 4 x_0' - 2 x_1' + 1, slope sqrt(20).
    const classifier = await open(linear([1, -1, 0, 1], 2, 2));
    const batch = examples([0.9, 0.2], 2, [0]);
    const [found] = await deepFoolPaper(classifier, batch, { mean: [1], std: [2] });
    const distance = (2 * Math.fround(0.9) - Math.fround(0.2)) / Math.sqrt(20);
    expect(found).toMatchObject({ key: 10, end: 'fooled', cleanCorrect: true, iterations: 1 });
    expect(found!.perturbation).toBeCloseTo(1.02 * (distance + 1e-4), 6);
    expect(found!.norm).toBeCloseTo(Math.hypot(0.05, 0.4), 6);
    await classifier.dispose();
  });

  it('leaves the range of images where the boundary lies outside it', async () => {
    const classifier = await open(linear([0, -1, 0, -0.01], 2, 2));
    // Class 0 wherever x_0 + 0.01 x_1 > 0.
    const [found] = await deepFoolPaper(classifier, examples([1, 0], 2, [0]), { mean: [0], std: [1] });
    expect(found).toMatchObject({ end: 'fooled' });
    expect(found!.perturbation).toBeGreaterThan(1);
    await classifier.dispose();
  });

  it('moves a misclassified image away from the class predicted, not from its label', async () => {
    const classifier = await open(linear([1, 0, 0, 1], 2, 2));
    const [found] = await deepFoolPaper(classifier, examples([0.7, 0.2], 2, [1]), { mean: [0], std: [1] });
    expect(found).toMatchObject({ end: 'fooled', cleanCorrect: false, iterations: 1 });
    expect(found!.perturbation).toBeCloseTo(1.02 * (0.5 / Math.SQRT2 + 1e-4), 6);
    await classifier.dispose();
  });

  it('takes the nearest of the boundaries', async () => {
    // Class 1 is nearer in logits, class 2 in space: its slope is steeper.
    const classifier = await open(linear([0, -1, -10, 0, 0, 0], 2, 3));
    const [found] = await deepFoolPaper(classifier, examples([0.5, 0], 2, [0]), { mean: [0], std: [1] });
    expect(found).toMatchObject({ end: 'fooled' });
    expect(found!.perturbation).toBeCloseTo(1.02 * (0.5 + 1e-4), 6);
    await classifier.dispose();
  });

  it('says that it has no way where gradients are zero', async () => {
    const classifier = await open(linear([0, 0, 0, 0], 2, 2));
    const [found] = await deepFoolPaper(classifier, examples([1, 1], 2, [0]), { mean: [0], std: [1] });
    expect(found).toMatchObject({ end: 'blocked', perturbation: 0, iterations: 0 });
    await classifier.dispose();
  });

  it('says that an image kept its class for all iterations', async () => {
    // Logits 1 + x^2 and 0: there is no boundary, and the way to where the linearised one should be never ends.
    const builder = new GraphBuilder({ name: 'no-boundary', opsets: { '': 17 } });
    const x = builder.input('x', 'float32', [BATCH, 1]);
    const above = builder.add('Add', [builder.add('Mul', [x, x]), builder.scalar(1)]);
    const none = builder.add('Mul', [x, builder.scalar(0)]);
    builder.addNamed('Concat', [above, none], 'logits', { axis: { type: 'int', value: 1 } });
    builder.output('logits', 'float32', [BATCH, 2]);
    const classifier = await open(builder.build());
    const [found] = await deepFoolPaper(classifier, examples([0.5], 1, [0]), { mean: [0], std: [1] });
    expect(found).toMatchObject({ end: 'unmoved', iterations: 50 });
    await classifier.dispose();
  });

  it('ends beyond the boundary of a network, the same for each image alone as for all together', async () => {
    const classifier = await open(randomMlp(3, [6, 20, 4]));
    const data = Array.from({ length: 48 }, (_, i) => ((i * 37) % 100) / 100);
    const batch = examples(data, 6, [0, 1, 2, 3, 0, 1, 2, 3]);
    const together = await deepFoolPaper(classifier, batch, { mean: [0.5], std: [0.25] });
    expect(together.every(({ end }) => end === 'fooled')).toBe(true);
    expect(together.map(({ key }) => key)).toEqual(batch.keys);
    for (const [row, found] of together.entries()) {
      const alone = {
        ...batch,
        data: batch.data.slice(row * 6, (row + 1) * 6),
        keys: [batch.keys[row]!],
        labels: batch.labels.slice(row, row + 1),
      };
      expect(await deepFoolPaper(classifier, alone, { mean: [0.5], std: [0.25] })).toEqual([found]);
    }
    await classifier.dispose();
  });
});

describe('the summary', () => {
  const outcome = (change: Partial<DeepFoolOutcome>): DeepFoolOutcome => ({
    ...{ key: 0, end: 'fooled', cleanCorrect: true, perturbation: 1, norm: 10, iterations: 1 },
    ...change,
  });

  it('takes means over all images and over right ones that were fooled, and counts failures', () => {
    const found = summariseDeepFool([
      outcome({}),
      outcome({ perturbation: 3 }),
      outcome({ cleanCorrect: false, perturbation: 0.2 }),
      outcome({ end: 'unmoved', perturbation: 9 }),
      outcome({ end: 'blocked', perturbation: 0 }),
    ]);
    expect(found).toMatchObject({
      n: 5,
      cleanCorrect: 4,
      fooled: 3,
      unmoved: 1,
      blocked: 1,
      failureRate: 0.4,
      zero: 0,
    });
    expect(found.all!.mean).toBeCloseTo((0.1 + 0.3 + 0.02 + 0.9 + 0) / 5, 12);
    expect(found.correctAndFooled!.mean).toBeCloseTo(0.2, 12);
  });

  it('leaves out images that are zero, and has no mean of none', () => {
    const found = summariseDeepFool([outcome({ norm: 0, end: 'blocked' })]);
    expect(found).toMatchObject({ zero: 1, all: null, correctAndFooled: null, failureRate: 1 });
  });
});

describe('normalisation', () => {
  const spec = (shape: number[], layout: 'NCHW' | 'NHWC' | 'flat') => ({
    shape,
    layout,
    bounds: [0, 1] as const,
  });

  it('spreads channels over an example in its layout', () => {
    const values = { mean: [1, 2], std: [3, 4] };
    expect([...perElement(values, spec([2, 1, 2], 'NCHW')).mean]).toEqual([1, 1, 2, 2]);
    expect([...perElement(values, spec([1, 2, 2], 'NHWC')).std]).toEqual([3, 4, 3, 4]);
    expect([...perElement(values, spec([4], 'flat')).mean]).toEqual([1, 1, 2, 2]);
    expect([...perElement({ mean: [0], std: [2] }, spec([3, 1, 1], 'NCHW')).std]).toEqual([2, 2, 2]);
  });

  it('refuses values that do not fit', () => {
    expect(() => perElement({ mean: [1, 2], std: [1] }, spec([3, 2, 2], 'NCHW'))).toThrow('2 values of mean');
    expect(() => perElement({ mean: [0], std: [0] }, spec([1, 2, 2], 'NCHW'))).toThrow('std above 0');
  });
});
