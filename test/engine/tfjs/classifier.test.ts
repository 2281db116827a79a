import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createClassifier, type EngineClassifier } from '../../../src/classifier/engine-classifier.js';
import type { Engine } from '../../../src/engine/engine.js';
import { createTfjsEngine } from '../../../src/engine/tfjs/engine.js';
import { tf } from '../../../src/engine/tfjs/tf.js';
import { GraphBuilder, int, ints } from '../../../src/graph/builder.js';
import { BATCH, type Graph } from '../../../src/graph/ir.js';
import type { ModelCard } from '../../../src/models/card.js';
import { expectNoInfluence } from '../../classifier/company.js';
import { families } from '../../classifier/families.js';
import { classifierOf, engine as native, loaded, randomBatch, turnLabels } from '../../classifier/loaded.js';
import { randomCnn, randomMlp, randomTensor } from '../../fixtures/graphs.js';

let second: Engine;
const opened: EngineClassifier[] = [];
beforeAll(async () => {
  second = await createTfjsEngine('wasm');
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((classifier) => classifier.dispose()));
});

type Card = Omit<ModelCard, 'schemaVersion'>;

async function onSecond(graph: Graph, card: Card = {}, options = {}): Promise<EngineClassifier> {
  const how = { structure: native, ...options };
  const classifier = await createClassifier(await loaded(graph, card), second, how);
  opened.push(classifier);
  return classifier;
}

async function onNative(graph: Graph, card: Card = {}, options = {}): Promise<EngineClassifier> {
  const classifier = await classifierOf(graph, card, options);
  opened.push(classifier);
  return classifier;
}

/** Largest difference, relative to the largest of the expected values. */
function difference(found: Float32Array, expected: Float32Array): number {
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...found.map((value, i) => Math.abs(value - expected[i]!))) / (scale || 1);
}

/** x, rounded in between, and two scores of it. */
function rounding(op: 'Round' | 'Sign'): Graph {
  const builder = new GraphBuilder({ name: 'rounding', opsets: { '': 17 } });
  const x = builder.input('x', 'float32', [BATCH, 4]);
  const scaled = builder.add('Sub', [builder.add('Mul', [x, builder.scalar(5)]), builder.scalar(2)]);
  const weights = builder.initializer('w', randomTensor(3, [4, 3]));
  builder.addNamed('MatMul', [builder.add(op, [scaled]), weights], 'logits');
  builder.output('logits', 'float32', [BATCH, 3]);
  return builder.build();
}

describe('a classifier on TensorFlow.js', () => {
  const labels = turnLabels(5, 10);

  it.each(['ce', 'margin', 'dlr', 'margin-targeted', 'dlr-targeted'])(
    'has the logits, the loss %s and its gradient of the native engine',
    async (loss) => {
      const batch = randomBatch(4, 5, [1, 12, 12]);
      const targets = labels.map((label) => (label + 3) % 10);
      const [ours, theirs] = [await onSecond(randomCnn(2)), await onNative(randomCnn(2))];
      const request = { labels, targets, loss };
      const [found, expected] = [
        await ours.lossGradient(batch, request),
        await theirs.lossGradient(batch, request),
      ];
      expect(difference(found.logits, expected.logits)).toBeLessThan(1e-5);
      expect(difference(found.loss, expected.loss)).toBeLessThan(1e-5);
      expect(difference(found.gradient, expected.gradient)).toBeLessThan(1e-4);
    },
  );

  it('has predictions, features and vector-Jacobian products, and takes a batch in another shape', async () => {
    const graph = randomMlp(1, [6, 8, 4]);
    const card = { features: graph.nodes[1]!.outputs[0]! };
    const [ours, theirs] = [await onSecond(graph, card), await onNative(graph, card)];
    const batch = { ...randomBatch(2, 3, [6]), shape: [1, 6] };
    const cotangent = randomTensor(5, [3, 4]).data;
    expect(await ours.predict(batch)).toEqual(await theirs.predict(batch));
    expect(difference(await ours.features(batch), await theirs.features(batch))).toBeLessThan(1e-5);
    const [found, expected] = [await ours.vjp(batch, cotangent), await theirs.vjp(batch, cotangent)];
    expect(difference(found.gradient, expected.gradient)).toBeLessThan(1e-5);
    await expect(ours.logits({ ...batch, shape: [5] })).rejects.toMatchObject({ key: 'INPUT_SHAPE' });
  });

  it('leaves no tensor behind after a call, nor after its end, nor when a call fails', async () => {
    const before = tf.memory().numTensors;
    const classifier = await createClassifier(await loaded(randomCnn(2)), second, { structure: native });
    const batch = randomBatch(4, 5, [1, 12, 12]);
    const calls = [
      () => classifier.logits(batch),
      () => classifier.lossGradient(batch, { labels, loss: 'dlr' }),
      () => classifier.vjp(batch, randomTensor(5, [5, 10]).data),
      () => classifier.lossGradient(batch, { labels: labels.map(() => 77), loss: 'ce' }).catch(() => null),
    ];
    for (const call of calls) {
      // The first of a kind compiles, which takes the weights in.
      await call();
      const held = tf.memory().numTensors;
      await call();
      expect(tf.memory().numTensors).toBe(held);
    }
    await classifier.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses gradients that would be nothing but zeros, unless they are to pass straight through', async () => {
    const batch = randomBatch(4, 3, [4]);
    const request = { labels: turnLabels(3, 3), loss: 'ce' };
    for (const op of ['Round', 'Sign'] as const) {
      const blocked = await onSecond(rounding(op));
      await expect(blocked.lossGradient(batch, request)).rejects.toMatchObject({
        key: 'GRADIENT_BLOCKED',
        message: expect.stringContaining(`operator ${op}`) as unknown,
      });
      const passing = { straightThrough: true };
      const [ours, theirs] = [
        await onSecond(rounding(op), {}, passing),
        await onNative(rounding(op), {}, passing),
      ];
      const [found, expected] = [
        await ours.lossGradient(batch, request),
        await theirs.lossGradient(batch, request),
      ];
      expect(difference(found.gradient, expected.gradient)).toBeLessThan(1e-5);
      expect(difference(found.logits, expected.logits)).toBeLessThan(1e-5);
    }
  });

  it('refuses an operator it does not have, by its name and that of its node', async () => {
    const builder = new GraphBuilder({ name: 'pooled', opsets: { '': 17 } });
    const x = builder.input('x', 'float32', [BATCH, 1, 4, 4]);
    const pooled = builder.add('LpPool', [x], { kernel_shape: ints([2, 2]) });
    const flat = builder.add('Flatten', [pooled], { axis: int(1) });
    builder.output(flat, 'float32', [BATCH, 9]);
    await expect(onSecond(builder.build())).rejects.toMatchObject({
      key: 'ENGINE_OPERATOR',
      message: expect.stringMatching(/no operator LpPool \(node "LpPool"\)/) as unknown,
      help: expect.stringContaining('--engine native') as unknown,
    });
  });

  it.each(Object.keys(families).slice(0, 6))(
    'has the same bits for an example whatever is beside it (%s)',
    async (name) => {
      const { graph, shape, classes } = families[name]!(3);
      const all = { ...randomBatch(5, 9, shape), labels: turnLabels(9, classes) };
      const setups = [await onSecond(graph), await onSecond(graph, {}, { engineBatch: 7 })];
      await expectNoInfluence(setups, all, 2);
    },
  );
});
