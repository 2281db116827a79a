import { describe, expect, it } from '@jest/globals';
import spatial from '../../attacks/spatial.js';
import type { Classifier } from '../../src/classifier/classifier.js';
import { judge } from '../../src/evaluate/judge.js';
import { applyTransform } from '../../src/evaluate/verify/transform.js';
import { examplesFor, INPUT, runAttack } from '../../src/plugin/contract/situation.js';
import { resolveParameters } from '../../src/plugin/parameters.js';
import type { Problem } from '../../src/plugin/problem.js';
import { randomNetwork } from '../../src/plugin/testing.js';
import type { AttackPlugin } from '../../src/plugin/attack.js';
import type { TransformRanges } from '../../src/plugin/threat.js';
import { rowOf, sliceRow } from '../../src/tensor/batch.js';

const attack = spatial as unknown as AttackPlugin;
const classifier = randomNetwork(5, INPUT, 16, 4);
const KEYS = Array.from({ length: 16 }, (_, i) => i);
const RANGES: TransformRanges = { rotation: [-12, 12], translateX: [-0.4, 0.4], translateY: [-0.2, 0.2] };

async function run(given: Readonly<Record<string, unknown>>, by: Classifier = classifier, ranges = RANGES) {
  const batch = await examplesFor(classifier, KEYS);
  const problem: Problem = { batch, threat: { kind: 'transform', ranges }, goal: { kind: 'untargeted' } };
  const parameters = resolveParameters(attack.parameters, given, 'spatial');
  const { proposal, passes } = await runAttack(attack, problem, { classifier: by, parameters });
  if (proposal.kind !== 'transform') throw new Error(`it proposed a ${proposal.kind}`);
  return { problem, proposal, passes };
}

const outcomes = async ({ problem, proposal }: Awaited<ReturnType<typeof run>>) => {
  const { batch, threat, goal } = problem;
  const { judgements } = await judge(classifier, batch, threat, goal, proposal);
  return judgements.map(({ outcome }) => outcome);
};

/** Margin of the best wrong class under each transform of a grid of 5 x 3 x 3, found by nothing but loops. */
async function exhaustive(row: number): Promise<number> {
  const batch = await examplesFor(classifier, KEYS);
  let best = -Infinity;
  for (const rotation of [-12, -6, 0, 6, 12]) {
    for (const x of [-0.4, 0, 0.4]) {
      for (const y of [-0.2, 0, 0.2]) {
        const data = applyTransform(rowOf(batch, row), INPUT, [rotation, x, y], 0);
        const logits = await classifier.logits({ shape: INPUT.shape, keys: [row], data });
        const label = batch.labels[row]!;
        const others = logits.filter((_value, k) => k !== label);
        best = Math.max(best, Math.max(...others) - logits[label]!);
      }
    }
  }
  return best;
}

describe('spatial', () => {
  it('fools exactly the examples that an exhaustive search of the grid fools', async () => {
    const found = await outcomes(await run({ rotationSteps: 5, translationSteps: 3 }));
    const worst = await Promise.all(KEYS.map(exhaustive));
    expect(found).toEqual(worst.map((margin) => (margin > 0 ? 'fooled' : 'robust')));
    expect(new Set(found).size).toBe(2);
  });

  it('proposes for what it cannot fool the transform of the largest margin', async () => {
    const made = await run({ rotationSteps: 5, translationSteps: 3 });
    const found = await outcomes(made);
    for (const row of KEYS.filter((key) => found[key] === 'robust')) {
      const [rotation, x, y] = made.proposal.parameters.subarray(row * 3, row * 3 + 3);
      const { batch } = made.problem;
      const data = applyTransform(rowOf(batch, row), INPUT, [rotation!, x!, y!], 0);
      const logits = sliceRow(await classifier.logits({ shape: INPUT.shape, keys: [row], data }), 0, 4);
      const label = batch.labels[row]!;
      const margin = Math.max(...logits.filter((_value, k) => k !== label)) - logits[label]!;
      expect(margin).toBeCloseTo(await exhaustive(row), 6);
    }
  });

  it('asks about every point of the grid where nothing fools, and leaves where something does', async () => {
    const made = await run({ rotationSteps: 5, translationSteps: 3 });
    const found = await outcomes(made);
    found.forEach((outcome, row) => {
      if (outcome === 'robust') expect(made.passes[row]).toEqual({ forward: 45, gradient: 0 });
      else expect(made.passes[row]!.forward).toBeLessThanOrEqual(45);
    });
    expect(made.passes.some(({ forward }) => forward < 45)).toBe(true);
  });

  it('does not ask twice where a range is a single value', async () => {
    const flat: TransformRanges = { rotation: [-1e-3, 1e-3], translateX: [0, 0], translateY: [0, 0] };
    const { passes } = await run({ rotationSteps: 5, translationSteps: 5 }, classifier, flat);
    expect(passes.map(({ forward }) => forward)).toEqual(KEYS.map(() => 5));
  });

  it('fools no less with more random draws, which are the same ones first', async () => {
    const count = async (draws: number) => {
      const found = await outcomes(await run({ search: 'random', draws }));
      return found.map((outcome) => outcome === 'fooled');
    };
    const [few, many] = [await count(3), await count(60)];
    few.forEach((fooled, row) => fooled && expect(many[row]).toBe(true));
    expect(many.filter(Boolean).length).toBeGreaterThan(few.filter(Boolean).length);
  });
});
