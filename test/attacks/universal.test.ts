import { describe, expect, it } from '@jest/globals';
import universal from '../../attacks/universal.js';
import { countPasses } from '../../src/classifier/counting.js';
import { attackContext } from '../../src/evaluate/context.js';
import { judge } from '../../src/evaluate/judge.js';
import { examplesFor, INPUT } from '../../src/plugin/contract/situation.js';
import { randomNetwork } from '../../src/plugin/contract/classifiers.js';
import { resolveParameters } from '../../src/plugin/parameters.js';
import { attackContract } from '../../src/plugin/testing.js';
import type { AttackPlugin } from '../../src/plugin/attack.js';
import type { Goal, Threat } from '../../src/plugin/threat.js';
import { magnitude } from '../../src/tensor/norms.js';
import { takeExamples, type LabelledBatch } from '../../src/tensor/batch.js';

const classifier = randomNetwork(3, INPUT, 12, 4);
const keysFrom = (start: number, count: number) => Array.from({ length: count }, (_value, i) => start + i);
const plugin = universal as unknown as AttackPlugin;
const UNTARGETED: Goal = { kind: 'untargeted' };

function contextFor(clean: LabelledBatch, threat: Threat, goal: Goal, seed = 0) {
  return attackContext({
    ...{ attack: plugin, classifier, clean, threat, goal, seed, progress: () => undefined },
    signal: new AbortController().signal,
    loadAttack: () => Promise.reject(new Error('none')),
  });
}

async function fitted(threat: Threat, slice: LabelledBatch, goal: Goal = UNTARGETED, given: object = {}) {
  const parameters = resolveParameters(plugin.parameters, { ...given }, 'universal');
  const context = contextFor(slice, threat, goal);
  const state = await plugin.fit!(classifier, slice, threat, goal, parameters, context);
  return { state, parameters };
}

async function fooledBy(
  threat: Threat,
  batch: LabelledBatch,
  state: unknown,
  parameters: Record<string, unknown>,
  goal: Goal = UNTARGETED,
) {
  const proposal = await plugin.run(
    classifier,
    batch,
    threat,
    goal,
    parameters,
    contextFor(batch, threat, goal),
    state,
  );
  const { judgements } = await judge(classifier, batch, threat, goal, proposal);
  return { proposal, fooled: judgements.filter(({ outcome }) => outcome === 'fooled').length };
}

describe('a universal perturbation', () => {
  for (const check of attackContract(universal, { parameters: { epochs: 3, fitBatch: 4 } })) {
    it(check.name.slice('universal '.length), check.run);
  }

  const BALLS: readonly (Threat & { kind: 'lp' })[] = [
    { kind: 'lp', norm: 'linf', epsilon: 0.15 },
    { kind: 'lp', norm: 'l2', epsilon: 0.9 },
  ];

  it.each(BALLS)('in $norm is one perturbation within the ball', async (threat) => {
    const { state } = await fitted(threat, await examplesFor(classifier, keysFrom(1000, 60)));
    const { perturbation } = state as { perturbation: number[] };
    expect(magnitude(threat.norm as 'l2', Float64Array.from(perturbation))).toBeLessThanOrEqual(
      threat.epsilon * (1 + 1e-9),
    );
    expect(perturbation.some((value) => value !== 0)).toBe(true);
  });

  it.each(BALLS)(
    'in $norm fools images it never saw, more than random ones of its length',
    async (threat) => {
      const { state, parameters } = await fitted(threat, await examplesFor(classifier, keysFrom(1000, 100)));
      const unseen = await examplesFor(classifier, keysFrom(0, 100));
      const { fooled } = await fooledBy(threat, unseen, state, { ...parameters });
      const { perturbation } = state as { perturbation: number[] };
      const noise: number[] = [];
      for (let turn = 1; turn <= 5; turn++) {
        // The same values elsewhere: as long, but not in the direction that was learned.
        const moved = perturbation.map(
          (_value, i) => perturbation[(i * 5 + 7 * turn) % perturbation.length]!,
        );
        noise.push((await fooledBy(threat, unseen, { perturbation: moved }, { ...parameters })).fooled);
      }
      expect(fooled).toBeGreaterThan(1.5 * Math.max(...noise));
    },
  );

  it('aims at a class', async () => {
    const threat = BALLS[0]!;
    const aim = (batch: LabelledBatch): Goal => ({ kind: 'targeted', targets: batch.labels.map(() => 2) });
    const slice = await examplesFor(classifier, keysFrom(1000, 60));
    const { state, parameters } = await fitted(threat, slice, aim(slice));
    const unseen = await examplesFor(classifier, keysFrom(0, 60));
    const { fooled } = await fooledBy(threat, unseen, state, { ...parameters }, aim(unseen));
    const before = unseen.labels.filter((label) => label === 2).length;
    expect(fooled).toBeGreaterThan(before + 10);
  });

  it('gives the same bytes for an image whatever batch it is in, given the state, and asks nothing of the model', async () => {
    const threat = BALLS[1]!;
    const { state, parameters } = await fitted(threat, await examplesFor(classifier, keysFrom(1000, 20)));
    const batch = await examplesFor(classifier, [4, 9, 2, 30, 17]);
    const counting = countPasses(classifier);
    const bytes = async (part: LabelledBatch) => {
      const proposal = await plugin.run(
        counting,
        part,
        threat,
        UNTARGETED,
        parameters,
        contextFor(part, threat, UNTARGETED),
        state,
      );
      if (proposal.kind !== 'examples') throw new Error(proposal.kind);
      return proposal.data;
    };
    const all = await bytes(batch);
    for (const rows of [[0], [3, 1], [4, 2, 0]]) {
      const part = await bytes(takeExamples(batch, rows));
      const size = all.length / batch.keys.length;
      rows.forEach((row, i) => {
        expect(part.subarray(i * size, (i + 1) * size)).toEqual(all.subarray(row * size, (row + 1) * size));
      });
    }
    expect(batch.keys.map((key) => counting.passes(key))).toEqual(
      batch.keys.map(() => ({ forward: 0, gradient: 0 })),
    );
  });

  it('leaves out images the model gives NaN for', async () => {
    const threat = BALLS[0]!;
    const slice = await examplesFor(classifier, keysFrom(1000, 30));
    const ill = new Set([1000, 1007]);
    const sick = {
      ...classifier,
      lossGradient: async (...[batch, request, draw]: Parameters<typeof classifier.lossGradient>) => {
        const answer = await classifier.lossGradient(batch, request, draw);
        const size = answer.gradient.length / batch.keys.length;
        batch.keys.forEach(
          (key, row) => ill.has(key) && answer.gradient.fill(NaN, row * size, (row + 1) * size),
        );
        return answer;
      },
    };
    const parameters = resolveParameters(plugin.parameters, {}, 'universal');
    const state = await plugin.fit!(
      sick,
      slice,
      threat,
      UNTARGETED,
      parameters,
      contextFor(slice, threat, UNTARGETED),
    );
    const { perturbation } = state as { perturbation: number[] };
    expect(perturbation.every(Number.isFinite)).toBe(true);
    expect(perturbation.some((value) => value !== 0)).toBe(true);
  });
});
