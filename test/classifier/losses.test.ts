import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EngineClassifier } from '../../src/classifier/engine-classifier.js';
import { listLosses, lossById, registerLoss } from '../../src/classifier/losses/index.js';
import { GraphBuilder, int } from '../../src/graph/builder.js';
import { BATCH, type Graph } from '../../src/graph/ir.js';
import type { LossPlugin } from '../../src/plugin/loss.js';
import { classifierOf } from './loaded.js';

/** A network whose logits are its inputs, so that the gradient with respect to the input is that of the loss itself. */
function passThrough(classes: number): Graph {
  const builder = new GraphBuilder({ name: 'pass-through', opsets: { '': 17 } });
  builder.input('x', 'float32', [BATCH, classes]);
  builder.addNamed('Mul', ['x', builder.scalar(1)], 'logits');
  builder.output('logits', 'float32', [BATCH, classes]);
  return builder.build();
}

const sizes = [2, 3, 7];
const classifiers = new Map<number, EngineClassifier>();
for (const classes of sizes) classifiers.set(classes, await classifierOf(passThrough(classes)));
afterAll(() => Promise.all([...classifiers.values()].map((classifier) => classifier.dispose())));

const example = (classes: number) =>
  fc.record({
    // Multiples of 1/8: exact in float32, and equal now and then.
    logits: fc.array(
      fc.integer({ min: -160, max: 160 }).map((eighths) => eighths / 8),
      { minLength: classes, maxLength: classes },
    ),
    label: fc.nat({ max: classes - 1 }),
    step: fc.integer({ min: 1, max: classes - 1 }),
  });

async function evaluate(loss: string, logits: readonly number[], label: number, target = label) {
  const batch = { shape: [logits.length], keys: [0], data: Float32Array.from(logits) };
  const request = { labels: Int32Array.of(label), targets: Int32Array.of(target), loss };
  const found = await classifiers.get(logits.length)!.lossGradient(batch, request);
  return { loss: found.loss[0]!, gradient: Array.from(found.gradient), logits: Array.from(found.logits) };
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

const expectClose = (found: number, expected: number, tolerance = 1e-4): void => {
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)));
};

describe.each(sizes)('with %d classes', (classes) => {
  it('ce is -log softmax of the label, with gradient softmax - one-hot', async () => {
    await fc.assert(
      fc.asyncProperty(example(classes), async ({ logits, label }) => {
        const top = Math.max(...logits);
        const total = logits.reduce((sum, z) => sum + Math.exp(z - top), 0);
        const found = await evaluate('ce', logits, label);
        expect(found.loss).toBeCloseTo(top + Math.log(total) - logits[label]!, 4);
        logits.forEach((z, k) =>
          expect(found.gradient[k]).toBeCloseTo(Math.exp(z - top) / total - (k === label ? 1 : 0), 5),
        );
      }),
    );
  });

  it('margin is the best wrong logit minus that of the label, positive exactly when another class wins', async () => {
    await fc.assert(
      fc.asyncProperty(example(classes), async ({ logits, label }) => {
        const best = Math.max(...logits.filter((_z, k) => k !== label));
        const found = await evaluate('margin', logits, label);
        expect(found.loss).toBe(best - logits[label]!);
        expect(found.gradient[label]).toBe(-1);
        // Tied winners share a gradient of one among them.
        const winners = logits.map((z, k) => k !== label && z === best);
        const share = Math.fround(1 / winners.filter(Boolean).length);
        winners.forEach((wins, k) => k !== label && expect(found.gradient[k]).toBe(wins ? share : 0));
      }),
    );
  });

  it('dlr is the margin over the spread of the three largest logits, or the margin where there are two', async () => {
    await fc.assert(
      fc.asyncProperty(example(classes), async ({ logits, label }) => {
        const best = Math.max(...logits.filter((_z, k) => k !== label));
        const sorted = logits.toSorted((a, b) => b - a);
        fc.pre(classes === 2 || sorted[0]! > sorted[2]!);
        const found = await evaluate('dlr', logits, label);
        const spread = classes === 2 ? 1 : sorted[0]! - sorted[2]!;
        expectClose(found.loss, (best - logits[label]!) / spread);
        // The loss does not change when all logits are raised alike, nor, divided by a spread, when they are stretched.
        expectClose(sumOf(found.gradient), 0);
        const stretch = found.gradient.reduce((sum, slope, k) => sum + slope * logits[k]!, 0);
        expectClose(stretch, classes === 2 ? found.loss : 0, 1e-3);
      }),
    );
  });

  it('dlr-targeted is the lead of the target over the spread of the largest logits, or the lead under four', async () => {
    await fc.assert(
      fc.asyncProperty(example(classes), async ({ logits, label, step }) => {
        const target = (label + step) % classes;
        const sorted = logits.toSorted((a, b) => b - a);
        const spread = classes < 4 ? 1 : sorted[0]! - (sorted[2]! + sorted[3]!) / 2;
        fc.pre(spread > 0);
        const found = await evaluate('dlr-targeted', logits, label, target);
        expectClose(found.loss, (logits[target]! - logits[label]!) / spread);
        expectClose(sumOf(found.gradient), 0);
        const stretch = found.gradient.reduce((sum, slope, k) => sum + slope * logits[k]!, 0);
        expectClose(stretch, classes < 4 ? found.loss : 0, 1e-3);
      }),
    );
  });

  it('margin-targeted is the logit of the target minus that of the label', async () => {
    await fc.assert(
      fc.asyncProperty(example(classes), async ({ logits, label, step }) => {
        const target = (label + step) % classes;
        const found = await evaluate('margin-targeted', logits, label, target);
        expect(found.loss).toBeCloseTo(logits[target]! - logits[label]!, 5);
        expect(found.gradient).toEqual(logits.map((_z, k) => (k === target ? 1 : 0) - (k === label ? 1 : 0)));
      }),
    );
  });
});

describe('the table of losses', () => {
  it('has the built-in ones', () => {
    expect(listLosses().map(({ metadata }) => metadata.id)).toEqual(
      expect.arrayContaining(['ce', 'margin', 'margin-targeted']),
    );
  });

  it('names the nearest loss when asked for one it does not have', () => {
    expect(() => lossById('margn')).toThrow(expect.objectContaining({ key: 'UNKNOWN_LOSS' }));
    expect(() => lossById('margn')).toThrow(/did you mean "margin"/);
  });

  it('takes a loss from a plugin, once, and a classifier can then use it', async () => {
    const loss: LossPlugin = {
      ...lossById('ce'),
      metadata: { ...lossById('ce').metadata, id: 'negative-logit' },
      build: (builder, { logits, labels }) =>
        builder.add('Mul', [
          builder.add('ReduceSum', [builder.add('Mul', [logits, labels]), builder.ints([1])], {
            keepdims: int(0),
          }),
          builder.scalar(-1),
        ]),
    };
    registerLoss(loss);
    registerLoss(loss);
    expect(() => registerLoss({ ...loss })).toThrow(expect.objectContaining({ key: 'PLUGIN_INVALID' }));
    expect(await evaluate('negative-logit', [3, 4], 1)).toMatchObject({
      loss: -4,
      gradient: [expect.closeTo(0), -1],
    });
  });
});
