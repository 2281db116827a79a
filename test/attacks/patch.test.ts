import { describe, expect, it } from '@jest/globals';
import patch from '../../attacks/patch.js';
import { attackContext } from '../../src/evaluate/context.js';
import { judge } from '../../src/evaluate/judge.js';
import { examplesFor, INPUT } from '../../src/plugin/contract/situation.js';
import { randomNetwork } from '../../src/plugin/contract/classifiers.js';
import { resolveParameters } from '../../src/plugin/parameters.js';
import { attackContract } from '../../src/plugin/testing.js';
import type { AttackPlugin } from '../../src/plugin/attack.js';
import type { Goal, Threat } from '../../src/plugin/threat.js';
import { takeExamples, type LabelledBatch } from '../../src/tensor/batch.js';

const classifier = randomNetwork(3, INPUT, 12, 4);
const keysFrom = (start: number, count: number) => Array.from({ length: count }, (_value, i) => start + i);
const plugin = patch as unknown as AttackPlugin;
const UNTARGETED: Goal = { kind: 'untargeted' };
/** A third of the side of the contract's images: 2 x 2 of 6 x 6 pixels. */
const THREAT: Threat = { kind: 'patch', area: 0.12 };

interface State {
  readonly patch: number[];
  readonly side: number;
}

function contextFor(clean: LabelledBatch, goal: Goal) {
  return attackContext({
    ...{ attack: plugin, classifier, clean, threat: THREAT, goal, seed: 0, progress: () => undefined },
    signal: new AbortController().signal,
    loadAttack: () => Promise.reject(new Error('none')),
  });
}
const parametersOf = (given: object) =>
  ({ ...resolveParameters(plugin.parameters, { ...given }, 'patch') }) as Record<string, unknown>;

async function fitted(slice: LabelledBatch, goal: Goal = UNTARGETED, given: object = {}, threat = THREAT) {
  const context = contextFor(slice, goal);
  return (await plugin.fit!(classifier, slice, threat, goal, parametersOf(given), context)) as State;
}

async function apply(batch: LabelledBatch, state: State, goal: Goal = UNTARGETED, given: object = {}) {
  const proposal = await plugin.run(
    classifier,
    batch,
    THREAT,
    goal,
    parametersOf(given),
    contextFor(batch, goal),
    state,
  );
  if (proposal.kind !== 'patch') throw new Error(proposal.kind);
  const { judgements } = await judge(classifier, batch, THREAT, goal, proposal);
  return {
    proposal: proposal,
    fooled: judgements.filter(({ outcome }) => outcome === 'fooled').length,
  };
}

describe('an adversarial patch', () => {
  for (const check of attackContract(patch, { parameters: { steps: 20, places: 3 } })) {
    it(check.name.slice('patch '.length), check.run);
  }

  it('is the largest square its area allows, in the input range', async () => {
    const { patch: values, side } = await fitted(
      await examplesFor(classifier, keysFrom(1000, 20)),
      UNTARGETED,
      { steps: 30 },
    );
    expect([side, values.length]).toEqual([2, 4]);
    expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it.each([
    ['at a given place', { place: 'given', row: 2, column: 2 }, 10],
    ['at random places', { places: 1 }, 0],
  ])('fools images it never saw more often than random patches do, %s', async (_where, once, more) => {
    const state = await fitted(await examplesFor(classifier, keysFrom(1000, 100)), UNTARGETED, once);
    const unseen = await examplesFor(classifier, keysFrom(0, 100));
    const learned = (await apply(unseen, state, UNTARGETED, once)).fooled;
    let random = 0;
    for (let seed = 0; seed < 8; seed++) {
      const context = contextFor(unseen, UNTARGETED);
      const values = Array.from(context.random(seed, 'test').fillUniform(new Float32Array(4)));
      random += (await apply(unseen, { ...state, patch: values }, UNTARGETED, once)).fooled / 8;
    }
    expect(learned).toBeGreaterThan(random + more);
  });

  it('aims at a class', async () => {
    const aim = (batch: LabelledBatch): Goal => ({ kind: 'targeted', targets: batch.labels.map(() => 1) });
    const slice = await examplesFor(classifier, keysFrom(1000, 100));
    const unseen = await examplesFor(classifier, keysFrom(0, 100));
    const before = unseen.labels.filter((label) => label === 1).length;
    expect((await apply(unseen, await fitted(slice, aim(slice)), aim(unseen))).fooled).toBeGreaterThan(
      before + 8,
    );
  });

  it('fools more with more places to choose from', async () => {
    const state = await fitted(await examplesFor(classifier, keysFrom(1000, 60)));
    const unseen = await examplesFor(classifier, keysFrom(0, 80));
    const counts = [];
    for (const places of [1, 4, 20]) counts.push((await apply(unseen, state, UNTARGETED, { places })).fooled);
    expect(counts[0]).toBeLessThan(counts[1]!);
    expect(counts[1]).toBeLessThanOrEqual(counts[2]!);
  });

  it('goes to the given place, moved inside the image', async () => {
    const slice = await examplesFor(classifier, keysFrom(1000, 20));
    const given = { place: 'given', row: 3, column: 40, steps: 30 };
    const { proposal } = await apply(slice, await fitted(slice, UNTARGETED, given), UNTARGETED, given);
    expect(new Set([...proposal.corners].map((corner, i) => `${i % 2}:${corner}`))).toEqual(
      new Set(['0:3', '1:4']),
    );
  });

  it('has the same place for an image whatever batch it is in, given the state', async () => {
    const state = await fitted(await examplesFor(classifier, keysFrom(1000, 20)), UNTARGETED, { steps: 30 });
    const batch = await examplesFor(classifier, [4, 9, 2, 30, 17]);
    const all = (await apply(batch, state)).proposal.corners;
    for (const rows of [[0], [3, 1], [4, 2, 0]]) {
      const { corners } = (await apply(takeExamples(batch, rows), state)).proposal;
      expect([...corners]).toEqual(rows.flatMap((row) => [all[row * 2]!, all[row * 2 + 1]!]));
    }
  });

  it('refuses an area without a pixel', async () => {
    const slice = await examplesFor(classifier, keysFrom(1000, 5));
    await expect(fitted(slice, UNTARGETED, {}, { kind: 'patch', area: 0.01 })).rejects.toMatchObject({
      code: 'GAUNTLET_E_THREAT_UNSUPPORTED',
    });
  });
});
