import { describe, expect, it } from '@jest/globals';
import apgd from '../../attacks/apgd.js';
import eot from '../../attacks/eot.js';
import pgd from '../../attacks/pgd.js';
import type { CellPlan, CompletedCell } from '../../src/evaluate/cell.js';
import { runCell } from '../../src/evaluate/run.js';
import { GraphBuilder } from '../../src/graph/builder.js';
import { BATCH, type Graph } from '../../src/graph/ir.js';
import { resolveParameters } from '../../src/plugin/parameters.js';
import { floatTensor } from '../../src/tensor/tensor.js';
import type { AttackPlugin } from '../../src/plugin/attack.js';
import { randomTensor } from '../fixtures/graphs.js';
import { attackOf, attackPlan, examples, world, type World } from './world.js';

/** A network of 4 x 4 images in three classes behind a layer that adds Gaussian noise to its input. */
function noisyGraph(sigma: number): Graph {
  const b = new GraphBuilder({ name: 'noisy', opsets: { '': 17 } });
  const x = b.add('Flatten', [b.input('x', 'float32', [BATCH, 1, 4, 4])]);
  const noise = b.add('Mul', [b.add('RandomNormalLike', [x]), b.scalar(sigma)]);
  const centred = b.add('Sub', [b.add('Add', [x, noise]), b.scalar(0.5)]);
  const hidden = b.add('Tanh', [
    b.add('MatMul', [centred, b.initializer('w', randomTensor(1, [16, 24], 2))]),
  ]);
  const last = b.add('MatMul', [hidden, b.initializer('v', randomTensor(2, [24, 3], 1))]);
  b.addNamed(
    'Identity',
    [b.add('Add', [last, b.initializer('b', floatTensor(new Float32Array(3), [3]))])],
    'logits',
  );
  b.output('logits', 'float32', [BATCH, 3]);
  return b.build();
}

const LIBRARY = [pgd, apgd, eot] as unknown as AttackPlugin[];
const parametersOf = (plugin: AttackPlugin, given: object) =>
  resolveParameters(plugin.parameters, { ...given }, plugin.metadata.id) as Record<string, unknown>;

async function cellOf(place: World, plan: CellPlan, seed = 0, batchSize = 64): Promise<CompletedCell> {
  const { cell } = await runCell(place.spec(plan, { seed }), place.options({ batchSize }));
  if (cell.status !== 'completed') throw new Error(`${cell.status}: ${cell.reason.message}`);
  return cell;
}

describe('a model that draws random numbers', () => {
  const still = attackOf('still', (_classifier, batch) => Promise.resolve(examples(batch.data)));

  it('is judged by more than half of twenty draws, clean and attacked alike', async () => {
    const place = await world({ attacks: [still] }, { graph: noisyGraph(0.3), count: 30 });
    const cell = await cellOf(place, attackPlan('still'), 5);
    const batch = await place.dataset.read(cell.data.indices);
    const wrong = new Array<number>(30).fill(0);
    for (let index = 0; index < 20; index++) {
      const predicted = await place.classifier.predict(batch, { seed: 5, purpose: 'judge', index });
      predicted.forEach((label, row) => (wrong[row]! += Number(label !== batch.labels[row])));
    }
    // Nothing is moved, so nothing that is right can be fooled.
    expect(cell.outcomes).toBe(wrong.map((count) => (count > 10 ? 'w' : 'r')).join(''));
    expect(new Set(wrong).size).toBeGreaterThan(5);
    expect(cell.model.stochastic).toBe(true);
  });

  it('gives no attack the draws that decide', async () => {
    const seen: Float32Array[] = [];
    const curious = attackOf('curious', async (classifier, batch, _threat, _goal, _parameters, context) => {
      if (!('logits' in classifier)) throw new Error('needs scores');
      seen.push(await classifier.logits(batch, { seed: 0, purpose: 'judge', index: 0 }));
      const verdicts = await context.verify(batch);
      expect(verdicts).toHaveLength(batch.keys.length);
      return examples(batch.data);
    });
    const place = await world({ attacks: [curious] }, { graph: noisyGraph(0.3), count: 10 });
    const cell = await cellOf(place, attackPlan('curious'));
    const rows = cell.data.indices.filter((_index, row) => cell.outcomes[row] !== 'w');
    const deciding = await place.classifier.logits(await place.dataset.read(rows), {
      ...{ seed: 0, purpose: 'judge', index: 0 },
    });
    expect(seen[0]).toHaveLength(deciding.length);
    expect(seen[0]).not.toEqual(deciding);
  });

  it('is an error of the example, not robustness, where any of the draws is not finite', async () => {
    const b = new GraphBuilder({ name: 'rarely', opsets: { '': 17 } });
    const x = b.add('Flatten', [b.input('x', 'float32', [BATCH, 1, 4, 4])]);
    const first = b.add('MatMul', [
      b.add('RandomNormalLike', [x]),
      b.initializer('one', randomTensor(3, [16, 1], 1)),
    ]);
    const nan = b.add('Mul', [
      b.add('Log', [b.add('Relu', [b.add('Add', [first, b.scalar(4)])])]),
      b.scalar(0),
    ]);
    const last = b.add('MatMul', [x, b.initializer('v', randomTensor(2, [16, 3], 1))]);
    b.addNamed('Add', [last, nan], 'logits');
    b.output('logits', 'float32', [BATCH, 3]);
    const place = await world({ attacks: [still] }, { graph: b.build(), count: 20 });
    const cell = await cellOf(place, attackPlan('still'));
    const batch = await place.dataset.read(cell.data.indices);
    const ill = new Set<number>();
    for (let index = 0; index < 20; index++) {
      const predicted = await place.classifier.predict(batch, { seed: 0, purpose: 'judge', index });
      predicted.forEach((label, row) => label < 0 && ill.add(row));
    }
    expect(cell.data.indices.filter((_index, row) => cell.outcomes[row] === 'i')).toEqual(
      [...ill].sort((one, other) => one - other),
    );
    expect(ill.size).toBeGreaterThan(0);
    expect(ill.size).toBeLessThan(20);
  });

  const run = async (attack: string, given: object, batchSize: number) => {
    const place = await world({ attacks: LIBRARY }, { graph: noisyGraph(0.35), count: 40 });
    const plugin = LIBRARY.find(({ metadata }) => metadata.id === attack)!;
    const plan = attackPlan(attack, {
      parameters: parametersOf(plugin, given),
      threat: { kind: 'lp', norm: 'linf', epsilon: 0.08 },
    });
    return cellOf(place, plan, 1, batchSize);
  };

  it('falls to EOT where plain PGD follows the noise', async () => {
    const plain = await run('pgd', { steps: 20 }, 64);
    const mean = await run('eot', { parameters: { steps: 20 } }, 64);
    expect(mean.clean.correct).toBe(plain.clean.correct);
    expect(mean.robust.correct).toBeLessThan(plain.robust.correct - 2);
    expect(mean.passes.gradient.reduce((most, count) => (count > most ? count : most), 0)).toBe(20 * 20);
  });

  it('falls to EOT that waits for successes beyond the noise, where the first ones are by a hair', async () => {
    const parameters = { loss: 'margin', steps: 20 };
    const [hasty, patient] = await Promise.all(
      [0, 1].map((confidence) => run('eot', { attack: 'apgd', parameters, confidence }, 64)),
    );
    expect(patient!.robust.correct).toBeLessThan(hasty!.robust.correct - 2);
  });

  it('is attacked by EOT with the same bytes whatever the batch', async () => {
    for (const given of [
      { parameters: { steps: 3 }, draws: 4 },
      { attack: 'apgd', parameters: { steps: 6 }, draws: 3 },
    ]) {
      const [together, alone, some] = await Promise.all([64, 1, 7].map((size) => run('eot', given, size)));
      expect(together!.outcomes).toContain('f');
      for (const other of [alone, some]) {
        expect([other!.outcomes, other!.distances, other!.witnesses]).toEqual([
          together!.outcomes,
          together!.distances,
          together!.witnesses,
        ]);
      }
    }
  });
});
