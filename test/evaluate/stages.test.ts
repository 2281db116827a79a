import { describe, expect, it } from '@jest/globals';
import { runCell } from '../../src/evaluate/run.js';
import { completed } from './completed.js';
import { attackOf, attackPlan, examples, overshooting, stageOf, world } from './world.js';

describe('several stages', () => {
  const still = attackOf('still', (_classifier, batch) => Promise.resolve(examples(batch.data)));

  it('in a cascade see what the earlier ones left, and each stage’s outcomes are recorded', async () => {
    const seen: number[] = [];
    const witness = attackOf('witness', (_classifier, batch) => {
      seen.push(...batch.keys);
      return Promise.resolve(examples(batch.data));
    });
    const place = await world({ attacks: [still, overshooting, witness] });
    const cell = await completed(place, {
      kind: 'cascade',
      stages: [stageOf('still'), stageOf('overshooting'), stageOf('witness')],
    });
    const [first, second, third] = cell.stages;
    expect(first!.outcomes).not.toContain('f');
    expect(second!.outcomes).toContain('f');
    expect(third!.outcomes).toBe(second!.outcomes);
    expect(seen).toEqual(Array.from(second!.outcomes).flatMap((letter, i) => (letter === 'r' ? [i] : [])));
    expect(cell.robust.correct).toBe(third!.robust);
  });

  it('in a curve keep fooled what a smaller budget fooled', async () => {
    const place = await world({ attacks: [overshooting] });
    const budgets = [0.02, 0.05, 0.1, 0.3];
    const cell = await completed(place, {
      kind: 'curve',
      stages: budgets.map((epsilon) =>
        stageOf('overshooting', { threat: { kind: 'lp', norm: 'linf', epsilon } }),
      ),
    });
    const robust = cell.stages.map((stage) => stage.robust);
    expect([...robust].sort((a, b) => b - a)).toEqual(robust);
    expect(robust[0]).toBeGreaterThan(robust[3]!);
  });

  it('in a curve are monotone though the attack is not: the adversarial of the smaller budget is kept', async () => {
    const tried: number[][] = [];
    const timid = attackOf('timid', (classifier, batch, threat, ...rest) => {
      tried.push([...batch.keys]);
      const small = threat.kind === 'lp' && threat.epsilon < 0.2;
      return small
        ? overshooting.run(classifier, batch, threat, ...rest)
        : Promise.resolve(examples(batch.data));
    });
    const place = await world({ attacks: [timid] });
    const stages = [0.1, 0.3, 0.5].map((epsilon) =>
      stageOf('timid', { threat: { kind: 'lp', norm: 'linf', epsilon } }),
    );
    const cell = await completed(place, { kind: 'curve', stages });
    const [first, second, third] = cell.stages;
    expect(first!.robust).toBeLessThan(cell.clean.correct);
    expect([second!.outcomes, third!.outcomes]).toEqual([first!.outcomes, first!.outcomes]);
    const left = Array.from(first!.outcomes).flatMap((letter, i) => (letter === 'r' ? [i] : []));
    expect(tried.slice(1)).toEqual([left, left]);
    cell.distances.forEach((found, i) => {
      if (cell.outcomes[i] === 'f') expect(found).toBeLessThanOrEqual(0.1 * (1 + 1e-7));
    });
  });

  it('let a later stage prove fooled what an earlier one failed on, but never call it robust', async () => {
    const spoiler = attackOf('spoiler', (_c, batch) => Promise.resolve(examples(batch.data.map(() => NaN))));
    const place = await world({ attacks: [spoiler, overshooting] });
    const cell = await completed(place, {
      kind: 'cascade',
      stages: [stageOf('spoiler'), stageOf('overshooting')],
    });
    expect(cell.outcomes).toContain('f');
    expect(cell.outcomes).not.toContain('r');
  });
});

describe('an attack that learns from a set', () => {
  it('is fitted once, on examples that are not evaluated, and handed its state', async () => {
    const fitted: number[][] = [];
    const learner = attackOf(
      'learner',
      (_classifier, batch, _threat, _goal, _parameters, _context, state) => {
        const { shift } = state as { shift: number };
        return Promise.resolve(examples(batch.data.map((value) => value + shift)));
      },
      {},
      (_classifier, slice) => {
        fitted.push([...slice.keys]);
        return Promise.resolve({ shift: 0.1 });
      },
    );
    const place = await world({ attacks: [learner] });
    const plan = attackPlan('learner', { fitIndices: [30, 31, 32] });
    const spec = place.spec(plan, { indices: Array.from({ length: 30 }, (_value, i) => i) });
    const { cell } = await runCell(spec, place.options({ batchSize: 4 }));
    expect(fitted).toEqual([[30, 31, 32]]);
    expect(cell.status).toBe('completed');
  });
});
