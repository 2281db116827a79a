import { describe, expect, it } from '@jest/globals';
import { argmax, type Classifier } from '../../src/classifier/classifier.js';
import { examplesFor, INPUT } from '../../src/plugin/contract/situation.js';
import type { Problem } from '../../src/plugin/problem.js';
import { randomNetwork } from '../../src/plugin/testing.js';
import type { Threat } from '../../src/plugin/threat.js';
import { rowOf, sliceRow, withData, type LabelledBatch } from '../../src/tensor/batch.js';
import { runBuiltin } from './run.js';

const classifier = randomNetwork(3, INPUT, 16, 5);
const keys = Array.from({ length: 24 }, (_, i) => i);
const clean = await examplesFor(classifier, keys);
const linf = (epsilon: number): Threat => ({ kind: 'lp', norm: 'linf', epsilon });
const untargeted = (threat: Threat): Problem => ({ batch: clean, threat, goal: { kind: 'untargeted' } });

/** The loop of the paper, written out: float32 iterates, sign steps, two clips. */
async function plainLoop(
  batch: LabelledBatch,
  epsilon: number,
  alpha: number,
  steps: number,
): Promise<Float32Array> {
  let x = batch.data;
  for (let step = 0; step < steps; step++) {
    const { gradient } = await classifier.lossGradient(withData(batch, x), {
      labels: batch.labels,
      loss: 'ce',
    });
    x = x.map((value, i) => {
      const moved = Math.fround(value + alpha * Math.sign(gradient[i]!));
      const origin = batch.data[i]!;
      const inBall = origin + Math.min(Math.max(moved - origin, -epsilon), epsilon);
      return Math.min(Math.max(inBall, 0), 1);
    });
  }
  return x;
}

async function fooled(data: Float32Array, by: Classifier = classifier): Promise<boolean[]> {
  const predicted = await by.predict(withData(clean, data));
  return keys.map((_key, row) => predicted[row] !== clean.labels[row]);
}

const count = (flags: boolean[]) => flags.filter(Boolean).length;
const last = { return: 'last', earlyLeave: false, randomStart: false, zeroGradient: 'stay' };

describe('pgd', () => {
  it('without its refinements is the loop of the paper', async () => {
    const { data, passes } = await runBuiltin('pgd', classifier, untargeted(linf(0.125)), {
      ...last,
      steps: 12,
      stepSize: 0.25,
    });
    expect(data).toEqual(await plainLoop(clean, 0.125, 0.03125, 12));
    expect(passes).toEqual(keys.map(() => ({ forward: 0, gradient: 12 })));
  });

  it('of one full step without random start is fgsm', async () => {
    const one = await runBuiltin('pgd', classifier, untargeted(linf(0.1)), {
      ...last,
      steps: 1,
      stepSize: 1,
    });
    const fgsm = await runBuiltin('fgsm', classifier, untargeted(linf(0.1)));
    expect(one.data).toEqual(fgsm.data);
  });

  it('proposes with `best` what was fooled on the way, and so fools what `last` fools', async () => {
    const options = { randomStart: false, steps: 10, stepSize: 0.5 };
    const finals = await fooled(
      (await runBuiltin('pgd', classifier, untargeted(linf(0.06)), { ...options, ...last })).data,
    );
    const best = await fooled((await runBuiltin('pgd', classifier, untargeted(linf(0.06)), options)).data);
    expect(count(finals)).toBeGreaterThan(0);
    expect(count(finals)).toBeLessThan(keys.length);
    finals.forEach((flag, row) => expect(best[row] || !flag).toBe(true));
  });

  it('works no longer on an example that is fooled', async () => {
    const { data, passes } = await runBuiltin('pgd', classifier, untargeted(linf(0.06)), { steps: 20 });
    const flags = await fooled(data);
    expect(count(flags)).toBeGreaterThan(0);
    flags.forEach((flag, row) => {
      if (!flag) expect(passes[row]).toEqual({ forward: 1, gradient: 20 });
      else expect(passes[row]!.gradient).toBeLessThanOrEqual(20);
    });
    expect(Math.min(...passes.map(({ gradient }) => gradient))).toBeLessThan(20);
  });

  it('leaving early changes no outcome', async () => {
    const early = await fooled((await runBuiltin('pgd', classifier, untargeted(linf(0.06)), {})).data);
    const late = await fooled(
      (await runBuiltin('pgd', classifier, untargeted(linf(0.06)), { earlyLeave: false })).data,
    );
    expect(early).toEqual(late);
  });

  it('restarts on survivors only, from other points, and loses nothing', async () => {
    const once = await runBuiltin('pgd', classifier, untargeted(linf(0.05)), { steps: 5 });
    const thrice = await runBuiltin('pgd', classifier, untargeted(linf(0.05)), { steps: 5, restarts: 3 });
    const [first, all] = [await fooled(once.data), await fooled(thrice.data)];
    first.forEach((flag, row) => {
      if (!flag) {
        if (!all[row]) expect(thrice.passes[row]).toEqual({ forward: 3, gradient: 15 });
        return;
      }
      expect(thrice.passes[row]).toEqual(once.passes[row]);
      expect(rowOf(withData(clean, thrice.data), row)).toEqual(rowOf(withData(clean, once.data), row));
    });
  });

  it('with `last` and restarts keeps the restart that fooled', async () => {
    const options = { ...last, randomStart: true, steps: 5, restarts: 4 };
    const flags = await fooled((await runBuiltin('pgd', classifier, untargeted(linf(0.05)), options)).data);
    const single = await fooled(
      (await runBuiltin('pgd', classifier, untargeted(linf(0.05)), { ...options, restarts: 1 })).data,
    );
    single.forEach((flag, row) => expect(flags[row] || !flag).toBe(true));
  });

  it('starts at another point for another seed, example and restart', async () => {
    const start = async (seed: number) =>
      (
        await runBuiltin(
          'pgd',
          classifier,
          untargeted(linf(0.01)),
          { ...last, randomStart: true, steps: 1, stepSize: 1e-6 },
          seed,
        )
      ).data;
    expect(await start(1)).not.toEqual(await start(2));
    expect(await start(1)).toEqual(await start(1));
  });

  it('reaches targets under every loss', async () => {
    const targets = clean.labels.map((label) => (label + 1) % 5);
    for (const loss of ['ce', 'margin', 'dlr']) {
      const problem: Problem = { batch: clean, threat: linf(0.3), goal: { kind: 'targeted', targets } };
      const { data } = await runBuiltin('pgd', classifier, problem, { loss });
      const predicted = await classifier.predict(withData(clean, data));
      expect(keys.filter((_key, row) => predicted[row] === targets[row]).length).toBeGreaterThan(
        keys.length / 2,
      );
    }
  });

  it('under L2 takes no step where the gradient is zero', async () => {
    const flat = { ...classifier, lossGradient: zeroGradient };
    const { data } = await runBuiltin('pgd', flat, untargeted({ kind: 'lp', norm: 'l2', epsilon: 1 }), {
      ...last,
      steps: 3,
    });
    expect(data).toEqual(clean.data);
  });

  it('follows the margin where the cross-entropy has no gradient left, and counts the passes', async () => {
    const saturated = scaled(1e4);
    const problem = untargeted(linf(0.1));
    const stayed = await runBuiltin('pgd', saturated, problem, { zeroGradient: 'stay', randomStart: false });
    const rescued = await runBuiltin('pgd', saturated, problem, { randomStart: false });
    const [without, withMargin] = [await fooled(stayed.data), await fooled(rescued.data)];
    const byMargin = await fooled(
      (await runBuiltin('pgd', classifier, problem, { loss: 'margin', randomStart: false })).data,
    );
    expect(count(without)).toBe(0);
    expect(stayed.passes).toEqual(keys.map(() => ({ forward: 1, gradient: 40 })));
    expect(withMargin).toEqual(byMargin);
    expect(count(withMargin)).toBeGreaterThan(0);
    withMargin.forEach((flag, row) => {
      if (!flag) expect(rescued.passes[row]!.gradient).toBeGreaterThan(40);
      expect(rescued.passes[row]!.gradient).toBeLessThanOrEqual(80);
    });
  });

  it('spends no second pass on examples that have a gradient', async () => {
    const { passes } = await runBuiltin('pgd', classifier, untargeted(linf(0.001)), { steps: 7 });
    expect(passes).toEqual(keys.map(() => ({ forward: 1, gradient: 7 })));
  });

  it('keeps the last iterate the model answered for when its answers stop being finite', async () => {
    // Not a number from the third pass on, for one example.
    let pass = 0;
    const failing: Classifier = {
      ...classifier,
      lossGradient: async (batch, request) => {
        const result = await classifier.lossGradient(batch, request);
        const row = batch.keys.indexOf(5);
        if (++pass >= 3 && row >= 0) result.logits.fill(NaN, row * 5, row * 5 + 5);
        return result;
      },
    };
    const options = { ...last, steps: 6 };
    const { data, passes } = await runBuiltin('pgd', failing, untargeted(linf(0.1)), options);
    const oneStep = await runBuiltin('pgd', classifier, untargeted(linf(0.1)), { ...options, steps: 1 });
    const healthy = await runBuiltin('pgd', classifier, untargeted(linf(0.1)), options);
    expect(rowOf(withData(clean, data), 5)).toEqual(rowOf(withData(clean, oneStep.data), 5));
    expect(passes[5]).toEqual({ forward: 0, gradient: 3 });
    expect(rowOf(withData(clean, data), 6)).toEqual(rowOf(withData(clean, healthy.data), 6));
  });

  it('never takes logits that are not finite for success', async () => {
    const broken: Classifier = {
      ...classifier,
      logits: async (batch) => (await classifier.logits(batch)).fill(NaN),
      lossGradient: async (batch, request) => {
        const result = await classifier.lossGradient(batch, request);
        return { ...result, logits: result.logits.fill(NaN) };
      },
    };
    const { data, passes } = await runBuiltin('pgd', broken, untargeted(linf(0.1)), { restarts: 2 });
    expect(data).toEqual(clean.data);
    expect(passes).toEqual(keys.map(() => ({ forward: 0, gradient: 2 })));
  });

  it('proposes for the robust the iterate nearest to success', async () => {
    const { data } = await runBuiltin('pgd', classifier, untargeted(linf(0.01)), { randomStart: false });
    const [before, after] = await Promise.all(
      [clean.data, data].map((values) => classifier.logits(withData(clean, values))),
    );
    keys.forEach((_key, row) => {
      const lead = (logits: Float32Array) => {
        const scores = sliceRow(logits, row, 5);
        const label = clean.labels[row]!;
        return scores[label]! - Math.max(...scores.filter((_score, k) => k !== label));
      };
      expect(argmax(sliceRow(before!, row, 5))).toBe(clean.labels[row]);
      expect(lead(after!)).toBeLessThan(lead(before!));
    });
  });
});

/** The network with its logits multiplied: a softmax that is 1 at one class and exactly 0 at the others in float32. */
function scaled(factor: number): Classifier {
  const times = (values: Float32Array) => values.map((value) => value * factor);
  return {
    ...classifier,
    logits: async (batch) => times(await classifier.logits(batch)),
    lossGradient: async (batch, request) => {
      const { logits, loss, gradient } = await classifier.lossGradient(batch, request);
      if (request.loss !== 'ce')
        return { logits: times(logits), loss: times(loss), gradient: times(gradient) };
      const slopes = logits.slice();
      batch.keys.forEach((_key, row) => {
        const scores = sliceRow(logits, row, 5).map((value) => value * factor);
        const top = Math.max(...scores);
        const powers = scores.map((value) => Math.fround(Math.exp(value - top)));
        const sum = powers.reduce((total, value) => total + value, 0);
        powers.forEach((power, k) => {
          slopes[row * 5 + k] = factor * (power / sum - (k === request.labels[row] ? 1 : 0));
        });
      });
      const { gradient: chained } = await classifier.vjp(batch, slopes);
      return { logits: times(logits), loss, gradient: chained };
    },
  };
}

async function zeroGradient(...given: Parameters<Classifier['lossGradient']>) {
  const result = await classifier.lossGradient(...given);
  return { ...result, gradient: result.gradient.fill(0) };
}
