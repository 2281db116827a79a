import { describe, expect, it } from '@jest/globals';
import type { Classifier } from '../../src/classifier/classifier.js';
import { examplesFor, INPUT } from '../../src/plugin/contract/situation.js';
import type { Problem } from '../../src/plugin/problem.js';
import { randomNetwork } from '../../src/plugin/testing.js';
import type { Norm } from '../../src/plugin/threat.js';
import { rowOf, withData } from '../../src/tensor/batch.js';
import { distance } from '../../src/tensor/norms.js';
import { excessOfOptimum } from './excess-of-optimum.js';
import { runBuiltin } from './run.js';

const CASES = [
  ['hopskipjump', 'l2'],
  ['hopskipjump', 'linf'],
  ['boundary', 'l2'],
] as const;

const minimum = (batch: Problem['batch'], norm: Norm): Problem => ({
  batch,
  threat: { kind: 'minimum', norm },
  goal: { kind: 'untargeted' },
});

describe.each(CASES)('%s in %s', (id, norm) => {
  it.each([2, 10])('comes within 1.25 of the optimum, never below, with %d classes', async (numClasses) => {
    const options = { numClasses, count: 3, shape: [1, 7, 5] };
    const found = await excessOfOptimum(id, norm, options, { queries: 10_000 });
    expect(Math.max(...found)).toBeLessThanOrEqual(1.25);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(1 - 1e-5);
  });

  it('leaves an example without a start as it is, and the others are none the worse', async () => {
    const network = randomNetwork(3, INPUT, 16, 4);
    const batch = await examplesFor(network, [0, 1, 2, 3]);
    // An example that the model gives its label whatever is done to it.
    const stubborn: Classifier = {
      ...network,
      predict: async (points) => {
        const predicted = await network.predict(points);
        return predicted.map((value, i) => (points.keys[i] === 1 ? batch.labels[1]! : value));
      },
    };
    const [hard, easy] = [
      await runBuiltin(id, stubborn, minimum(batch, norm), { queries: 1500 }),
      await runBuiltin(id, network, minimum(batch, norm), { queries: 1500 }),
    ];
    batch.keys.forEach((key, row) => {
      const reference = key === 1 ? batch : withData(batch, easy.data);
      expect(rowOf(withData(batch, hard.data), row)).toEqual(rowOf(reference, row));
      expect(distance(norm, rowOf(withData(batch, easy.data), row), rowOf(batch, row))).toBeGreaterThan(0);
    });
  });

  it('under a budget stops as soon as it is inside', async () => {
    const network = randomNetwork(3, INPUT, 16, 4);
    const batch = await examplesFor(network, [0, 1, 2, 3, 4, 5]);
    const epsilon = norm === 'linf' ? 0.25 : 1.2;
    const problem: Problem = { ...minimum(batch, norm), threat: { kind: 'lp', norm, epsilon } };
    const { data, passes } = await runBuiltin(id, network, problem, { queries: 4000 });
    const predicted = await network.predict(withData(batch, data));
    const fooled = batch.keys.filter((_key, row) => predicted[row] !== batch.labels[row]);
    expect(fooled.length).toBeGreaterThan(2);
    const lengths = batch.keys.map((_key, row) =>
      distance(norm, rowOf(withData(batch, data), row), rowOf(batch, row)),
    );
    expect(Math.max(...lengths)).toBeLessThanOrEqual(epsilon * (1 + 1e-6));
    for (const row of fooled) expect(passes[row]!.forward).toBeLessThan(4000);
  });

  it('keeps what it meets while it looks for starts, though its queries end there', async () => {
    const network = randomNetwork(3, INPUT, 16, 4);
    const batch = await examplesFor(network, [0, 1, 2, 3]);
    const { data } = await runBuiltin(id, network, minimum(batch, norm), { queries: 250, starts: 50 });
    const predicted = await network.predict(withData(batch, data));
    expect(batch.keys.every((_key, row) => predicted[row] !== batch.labels[row])).toBe(true);
  });

  it('looks for no more starts once one is inside the budget', async () => {
    const network = randomNetwork(3, INPUT, 16, 4);
    const batch = await examplesFor(network, [0, 1, 2, 3]);
    const roomy: Problem = { ...minimum(batch, norm), threat: { kind: 'lp', norm, epsilon: 10 } };
    const { passes } = await runBuiltin(id, network, roomy, { queries: 4000, starts: 50 });
    for (const { forward } of passes) expect(forward).toBeLessThan(250);
  });

  it('spends its queries and not one more', async () => {
    const network = randomNetwork(3, INPUT, 16, 4);
    const batch = await examplesFor(network, [0, 1]);
    const { passes } = await runBuiltin(id, network, minimum(batch, norm), { queries: 777 });
    for (const { forward, gradient } of passes) {
      expect(forward).toBeLessThanOrEqual(777);
      expect(gradient).toBe(0);
    }
  });
});
