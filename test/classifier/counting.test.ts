import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countPasses, restrict } from '../../src/classifier/counting.js';
import type { Access, Classifier } from '../../src/classifier/classifier.js';
import { takeExamples, type Batch } from '../../src/tensor/batch.js';
import { linearClassifier } from './linear.js';

const batchOf = (keys: readonly number[]): Batch => ({
  shape: [2],
  keys,
  data: new Float32Array(2 * keys.length),
});
const labelled = (keys: readonly number[]) => ({ labels: new Int32Array(keys.length), loss: 'margin' });

const calls: Readonly<
  Record<string, { kind: 'forward' | 'gradient'; call: (c: Classifier, keys: number[]) => Promise<unknown> }>
> = {
  predict: { kind: 'forward', call: (c, keys) => c.predict(batchOf(keys)) },
  logits: { kind: 'forward', call: (c, keys) => c.logits(batchOf(keys)) },
  features: { kind: 'forward', call: (c, keys) => c.features(batchOf(keys)) },
  lossGradient: { kind: 'gradient', call: (c, keys) => c.lossGradient(batchOf(keys), labelled(keys)) },
  vjp: { kind: 'gradient', call: (c, keys) => c.vjp(batchOf(keys), new Float32Array(3 * keys.length)) },
};

describe('counting passes', () => {
  it('books every call on each of its examples: a forward or a gradient pass', async () => {
    const script = fc.array(
      fc.tuple(
        fc.constantFrom(...Object.keys(calls)),
        fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 6 }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        const counting = countPasses(linearClassifier());
        const expected = Array.from({ length: 5 }, () => ({ forward: 0, gradient: 0 }));
        for (const [method, keys] of steps) {
          const { kind, call } = calls[method]!;
          await call(counting, keys);
          for (const key of keys) expected[key]![kind]++;
        }
        expect([0, 1, 2, 3, 4].map((key) => counting.passes(key))).toEqual(expected);
      }),
    );
  });

  it('returns what the classifier returns', async () => {
    const classifier = linearClassifier();
    const batch = { ...batchOf([7, 8]), data: Float32Array.of(1, 2, 3, 4) };
    expect(await countPasses(classifier).logits(batch)).toEqual(await classifier.logits(batch));
    const one = takeExamples(batch, [1]);
    expect(await countPasses(classifier).predict(one)).toEqual(await classifier.predict(one));
  });

  it('books nothing on a call that fails', async () => {
    const counting = countPasses(linearClassifier());
    await expect(
      counting.lossGradient(batchOf([1]), { labels: Int32Array.of(0), loss: 'no such loss' }),
    ).rejects.toThrow();
    expect(counting.passes(1)).toEqual({ forward: 0, gradient: 0 });
  });
});

describe('restricting access', () => {
  const methods: Readonly<Record<Access, string[]>> = {
    decision: ['predict'],
    scores: ['predict', 'logits'],
    gradient: ['predict', 'logits', 'lossGradient', 'vjp', 'features'],
  };

  it.each(Object.keys(methods) as Access[])(
    'to %s leaves no other method, not even behind a cast',
    (access) => {
      const view = restrict(countPasses(linearClassifier()), access) as unknown as Record<string, unknown>;
      expect(Object.keys(view).sort()).toEqual(
        ['input', 'numClasses', 'stochastic', ...methods[access]].sort(),
      );
      expect(Object.getPrototypeOf(view)).toBe(Object.prototype);
      expect(() => Object.assign(view, { logits: () => 0 })).toThrow(TypeError);
    },
  );

  it('still books passes on the counted classifier', async () => {
    const counting = countPasses(linearClassifier());
    await restrict(counting, 'decision').predict(batchOf([3, 3]));
    expect(counting.passes(3)).toEqual({ forward: 2, gradient: 0 });
  });
});
