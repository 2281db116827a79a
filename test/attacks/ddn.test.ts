import { describe, expect, it } from '@jest/globals';
import type { Classifier } from '../../src/classifier/classifier.js';
import { examplesFor, INPUT } from '../../src/plugin/contract/situation.js';
import { randomNetwork } from '../../src/plugin/testing.js';
import { rowOf, withData } from '../../src/tensor/batch.js';
import { distance } from '../../src/tensor/norms.js';
import { distancesOf, linearWorld } from './linear-world.js';
import { findOn, smallWorld } from './minimum-norm.js';
import { runBuiltin } from './run.js';

const classifier = randomNetwork(3, INPUT, 16, 5);
const keys = Array.from({ length: 12 }, (_, i) => i);
const batch = await examplesFor(classifier, keys);
const minimum = { batch, threat: { kind: 'minimum', norm: 'l2' }, goal: { kind: 'untargeted' } } as const;
const lengthsOf = (data: Float32Array) =>
  keys.map((_key, row) => distance('l2', rowOf(withData(batch, data), row), rowOf(batch, row)));

describe('ddn on linear classifiers', () => {
  // With more classes the cross-entropy pulls towards several of them at once where the logits are close to each other.
  it('is within 5 % of the smallest distance with two classes following the cross-entropy', async () => {
    const { excess } = await findOn(await smallWorld(2), 'ddn', 'l2', { loss: 'ce' });
    expect(excess.at(-1)).toBeLessThan(1.05);
  });

  it('with ten classes finds the nearest for most', async () => {
    const world = await linearWorld({ numClasses: 10, count: 8 });
    expect((await findOn(world, 'ddn', 'l2', { loss: 'margin' })).excess[4]).toBeLessThan(1.05);
  });

  it('finds its way to a boundary much nearer than the length it begins with', async () => {
    const world = await smallWorld(2);
    const { excess } = await findOn(world, 'ddn', 'l2', { initialNorm: 4 });
    expect(Math.min(...world.batch.keys.map((_key, row) => world.optimum(row, 'l2')))).toBeLessThan(0.1);
    expect(excess.at(-1)).toBeLessThan(1.05);
  });
});

describe('ddn', () => {
  it('asks for one gradient per step and nothing else', async () => {
    const { passes } = await runBuiltin('ddn', classifier, minimum, { steps: 30 });
    expect(passes).toEqual(keys.map(() => ({ forward: 0, gradient: 30 })));
  });

  it('finds shorter perturbations the more steps it has', async () => {
    const total = async (steps: number) =>
      lengthsOf((await runBuiltin('ddn', classifier, minimum, { steps })).data).reduce(
        (sum, one) => sum + one,
        0,
      );
    expect(await total(200)).toBeLessThan(await total(60));
  });

  it('under lp stops at the first success within epsilon', async () => {
    const world = await smallWorld(3);
    const epsilon = 1.2 * world.optimum(5, 'l2');
    const problem = { ...minimum, batch: world.batch, threat: { kind: 'lp', norm: 'l2', epsilon } } as const;
    const { data, passes } = await runBuiltin('ddn', world.classifier, problem);
    (await distancesOf(world, data, 'l2')).forEach((found, row) => {
      const fooled = found < Infinity;
      if (fooled) expect(found).toBeLessThanOrEqual(epsilon * (1 + 1e-6));
      expect(fooled || world.optimum(row, 'l2') > 0.98 * epsilon).toBe(true);
      expect(passes[row]!.gradient === 100).toBe(!fooled);
    });
    expect(passes.filter(({ gradient }) => gradient < 50).length).toBeGreaterThan(2);
  });

  it('reaches every target', async () => {
    const targets = batch.labels.map((label) => (label + 1) % 5);
    const { data } = await runBuiltin('ddn', classifier, { ...minimum, goal: { kind: 'targeted', targets } });
    expect(await classifier.predict(withData(batch, data))).toEqual(targets);
  });

  it('reads a direction from gradients too small for their squares to be float32', async () => {
    const scaled = (factor: number): Classifier => ({
      ...classifier,
      lossGradient: async (...given) => {
        const result = await classifier.lossGradient(...given);
        return { ...result, gradient: result.gradient.map((value) => value * factor) };
      },
    });
    // A power of two and no denormals: the very same directions.
    const tiny = await runBuiltin('ddn', scaled(2 ** -70), minimum, { loss: 'margin' });
    const usual = await runBuiltin('ddn', classifier, minimum, { loss: 'margin' });
    lengthsOf(tiny.data).forEach((length, row) => expect(length).toBeCloseTo(lengthsOf(usual.data)[row]!, 5));
  });

  it('goes in a random direction where the gradient is zero, and keeps what is finite', async () => {
    const flat: Classifier = {
      ...classifier,
      lossGradient: async (...given) => {
        const result = await classifier.lossGradient(...given);
        return { ...result, gradient: result.gradient.fill(0) };
      },
    };
    const { data } = await runBuiltin('ddn', flat, minimum);
    expect(data.every(Number.isFinite)).toBe(true);
    const predicted = await classifier.predict(withData(batch, data));
    expect(keys.filter((row) => predicted[row] !== batch.labels[row]).length).toBeGreaterThan(0);
  });
});
