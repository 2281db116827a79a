import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Classifier } from '../../src/classifier/classifier.js';
import { definedClassifier } from '../../src/classifier/defined-classifier.js';
import { createClassifier, type EngineClassifier } from '../../src/classifier/engine-classifier.js';
import { listLosses } from '../../src/classifier/losses/index.js';
import { scoresClassifier } from '../../src/classifier/scores-classifier.js';
import type { CodeModel } from '../../src/models/defined/definition.js';
import { openCode } from '../../src/models/defined/open-model.js';
import { loadModel } from '../../src/models/load.js';
import { resolveModel } from '../../src/models/reference.js';
import { CLASSES, gradientFree, SHAPE, twin, twinFolder } from '../models/defined/twin.js';
import { engine, randomBatch, turnLabels } from './loaded.js';

const folder = await twinFolder();
const COUNT = 9;
const batch = randomBatch(8, COUNT, SHAPE);
const [labels, targets] = [
  turnLabels(COUNT, CLASSES),
  turnLabels(COUNT, CLASSES).map((label) => (label + 2) % CLASSES),
];

let losses: EngineClassifier;
let native: EngineClassifier;
beforeAll(async () => {
  losses = await scoresClassifier(engine, CLASSES);
  native = await createClassifier(await loadModel(await resolveModel(folder.model), engine), engine);
});
afterAll(() => Promise.all([losses.dispose(), native.dispose()]));

const never = new AbortController().signal;
const classifierOf = (definition: CodeModel, signal = never): Classifier =>
  definedClassifier(openCode(definition), () => Promise.resolve(losses), signal);

const near = (found: Float32Array, wanted: Float32Array): void => {
  expect(found).toHaveLength(wanted.length);
  found.forEach((value, i) =>
    expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-5 * (1 + Math.abs(wanted[i]!))),
  );
};

describe('a model that is code', () => {
  it('has the logits and classes of the same network in the engine', async () => {
    const own = classifierOf(twin());
    near(await own.logits(batch), await native.logits(batch));
    expect(await own.predict(batch)).toEqual(await native.predict(batch));
  });

  it.each(listLosses().map(({ metadata }) => metadata.id))(
    'has the loss %s and its gradient',
    async (loss) => {
      const request = { loss, labels, targets };
      const [found, wanted] = [
        await classifierOf(twin()).lossGradient(batch, request),
        await native.lossGradient(batch, request),
      ];
      near(found.logits, wanted.logits);
      near(found.loss, wanted.loss);
      near(found.gradient, wanted.gradient);
    },
  );

  it('has vector-Jacobian products', async () => {
    const cotangent = Float32Array.from({ length: COUNT * CLASSES }, (_, i) => Math.cos(i));
    near(
      (await classifierOf(twin()).vjp(batch, cotangent)).gradient,
      (await native.vjp(batch, cotangent)).gradient,
    );
  });

  it('has gradients through probabilities that are those through logits', async () => {
    const { predict, gradient } = twin();
    const softmax = (logits: ArrayLike<number>): Float32Array =>
      Float32Array.from(logits, (_value, i) => {
        const row = Array.from(logits).slice(
          Math.floor(i / CLASSES) * CLASSES,
          (Math.floor(i / CLASSES) + 1) * CLASSES,
        );
        return Math.exp(row[i % CLASSES]!) / row.reduce((sum, value) => sum + Math.exp(value), 0);
      });
    const own = classifierOf(
      twin({
        scores: 'probabilities',
        predict: async (data, n, signal) => softmax(await predict(data, n, signal)),
        gradient: async (data, n, cotangent, signal) => {
          const p = softmax(await predict(data, n, signal));
          const pulled = p.map((value, i) => {
            const at = Math.floor(i / CLASSES) * CLASSES;
            let mean = 0;
            for (let k = 0; k < CLASSES; k++) mean += p[at + k]! * cotangent[at + k]!;
            return value * (cotangent[i]! - mean);
          });
          return gradient!(data, n, pulled, signal);
        },
      }),
    );
    const request = { loss: 'ce', labels };
    const [found, wanted] = [
      await own.lossGradient(batch, request),
      await native.lossGradient(batch, request),
    ];
    near(found.loss, wanted.loss);
    near(found.gradient, wanted.gradient);
  });

  it('is asked about no more examples at once than it takes, with the same answers', async () => {
    const whole = await classifierOf(twin()).lossGradient(batch, { loss: 'dlr', labels });
    const { predict } = twin();
    const sizes: number[] = [];
    const own = classifierOf(
      twin({
        batchSize: 4,
        concurrency: 3,
        predict: (data, n, signal) => {
          sizes.push(n);
          return predict(data, n, signal);
        },
      }),
    );
    expect(await own.lossGradient(batch, { loss: 'dlr', labels })).toEqual(whole);
    expect(sizes).toEqual([4, 4, 1]);
  });

  it('cannot change what it is asked about', async () => {
    const { predict } = twin();
    const own = classifierOf(
      twin({
        predict: async (data, n, signal) => {
          const scores = await predict(data, n, signal);
          data.fill(0);
          return scores;
        },
      }),
    );
    const kept = batch.data.slice();
    await own.logits(batch);
    expect(batch.data).toEqual(kept);
  });

  it('may answer with numbers that are not finite: the judge will see them', async () => {
    const own = classifierOf(twin({ predict: (_data, n) => new Float64Array(n * CLASSES).fill(NaN) }));
    expect(await own.predict(batch)).toEqual(new Int32Array(COUNT).fill(-1));
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /9 x 5 numbers.*a value of type undefined/],
    ['too few', new Float32Array(44), /received 44 values/],
    ['lists of lists', Array.from({ length: 45 }, () => [0]), /received a list at position 0/],
    ['a text', Object.assign(new Array(45).fill(0), { 7: '1' }), /received the text "1" at position 7/],
    ['a tensor', { dims: [9, 5] }, /a value of type object/],
  ])('is an error when it answers with %s', async (_what, answer, message) => {
    const own = classifierOf(twin({ predict: () => answer as number[] }));
    await expect(own.logits(batch)).rejects.toMatchObject({
      key: 'MODEL_ANSWER',
      message: expect.stringMatching(message) as unknown,
    });
  });

  it('is an error when it throws, at once or later', async () => {
    const failing = [
      () => {
        throw new Error('out of memory');
      },
      () => Promise.reject(new Error('out of memory')),
    ];
    for (const predict of failing) {
      await expect(classifierOf(twin({ predict })).logits(batch)).rejects.toMatchObject({
        key: 'MODEL_FAILED',
        message: 'twin (memory:twin) threw an error: out of memory',
      });
    }
  });

  it('is left alone at an abort even if it does not listen', async () => {
    const hanging = twin({ predict: () => new Promise<never>(() => undefined) });
    const answer = classifierOf(hanging, AbortSignal.timeout(30)).logits(batch);
    await expect(answer).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('without gradients says so before it is asked anything', async () => {
    let calls = 0;
    const own = classifierOf(gradientFree({ predict: () => [calls++] }));
    const refused = { key: 'NO_GRADIENT' };
    await expect(own.lossGradient(batch, { loss: 'ce', labels })).rejects.toMatchObject(refused);
    await expect(own.vjp(batch, new Float32Array(COUNT * CLASSES))).rejects.toMatchObject(refused);
    expect(calls).toBe(0);
    await expect(own.features(batch)).rejects.toMatchObject({ key: 'NO_FEATURES' });
  });

  it('counts a gradient as an answer of its own', async () => {
    const own = classifierOf(twin({ queryBudget: 2 * COUNT }));
    await own.lossGradient(batch, { loss: 'ce', labels });
    await expect(own.predict(batch)).rejects.toMatchObject({ key: 'QUERY_BUDGET' });
  });
});
