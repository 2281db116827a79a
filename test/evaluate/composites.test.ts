import { afterEach, describe, expect, it } from '@jest/globals';
import { attackOutput } from '../../src/results/attack-output.js';
import { renderAttack } from '../../src/cli/render/attack.js';
import type { CellSpec, CompletedCell } from '../../src/evaluate/cell.js';
import { planAttack, planSuite, type AttackRequest } from '../../src/evaluate/plan.js';
import { runCell } from '../../src/evaluate/run.js';
import type { CompositePlugin, CompositeStage } from '../../src/plugin/composite.js';
import { registerPlugin } from '../../src/plugin/registry.js';
import { parseSuite } from '../../src/suite/read.js';
import { attackOf, ENGINE, examples, LINF, overshooting, world, type World } from './world.js';

const undo: (() => void)[] = [];
afterEach(() => undo.splice(0).forEach((take) => take()));

const still = attackOf('still', (_classifier, batch) => Promise.resolve(examples(batch.data)));

/** A composite in memory. */
function compose(
  stages: (parameters: { effort: string }, kind: string) => readonly CompositeStage[],
  metadata: Partial<CompositePlugin['metadata']> = {},
): CompositePlugin {
  return {
    kind: 'composite',
    metadata: {
      ...{
        id: 'two-step',
        title: 'Two-step',
        summary: 'Of two.',
        paper: 'none',
        version: '1.2.0',
        apiVersion: 1,
      },
      ...{ threats: ['lp'], norms: ['linf'], goals: ['untargeted'], variant: 'effort', ...metadata },
    },
    parameters: {
      type: 'object',
      additionalProperties: false,
      properties: {
        effort: { type: 'string', enum: ['quick', 'long'], default: 'quick', description: 'How long' },
      },
    },
    stages: (parameters, { threat }) => stages(parameters as { effort: string }, threat.kind),
  };
}

const both = () => [
  { attack: 'still', parameters: {} },
  { attack: 'overshooting', parameters: {} },
];

async function planned(
  composite: CompositePlugin,
  request: Partial<AttackRequest> = {},
): Promise<{ place: World; spec: CellSpec }> {
  undo.push(registerPlugin(composite));
  const place = await world({ attacks: [still, overshooting] });
  const { model, data } = place.spec({ kind: 'cascade', stages: [] });
  const spec = await planAttack(
    {
      ...{ model, data: { source: data.source, split: 'test' }, indices: data.indices, seed: 0 },
      ...{ attack: 'two-step', parameters: {}, threat: LINF, goal: { kind: 'untargeted' } },
      ...request,
    },
    { services: place.services, engine: ENGINE },
  );
  return { place, spec };
}

describe('a composite named as an attack', () => {
  it('is planned as the cascade of its stages, which remembers where it comes from', async () => {
    const { spec } = await planned(compose(both));
    expect(spec.plan).toMatchObject({
      kind: 'cascade',
      stages: [{ attack: { id: 'still' } }, { attack: { id: 'overshooting' } }],
      composite: { plugin: { id: 'two-step', version: '1.2.0' }, parameters: { effort: 'quick' } },
    });
    expect(spec).toMatchObject({ entry: 'two-step-linf', title: 'Two-step (quick) Linf 0.1' });
  });

  it('tells in its result what each stage fooled', async () => {
    const { place, spec } = await planned(compose(both));
    const { cell } = await runCell(spec, place.options());
    expect(cell.status).toBe('completed');
    const { stages, robust, clean } = cell as CompletedCell;
    expect(stages.map((stage) => stage.attack)).toEqual(['still', 'overshooting']);
    expect(stages[0]!.robust).toBe(clean.correct);
    expect(stages[1]!.robust).toBe(robust.correct);
    expect(robust.correct).toBeLessThan(clean.correct);

    const output = attackOutput(cell as CompletedCell);
    expect(output.attack).toEqual({ id: 'two-step', version: '1.2.0', parameters: { effort: 'quick' } });
    expect(output.stages).toMatchObject([
      { attack: 'still', robust: clean.correct },
      { attack: 'overshooting', robust: robust.correct },
    ]);
    const fooled = clean.correct - robust.correct;
    expect(renderAttack(cell as CompletedCell)).toMatch(
      new RegExp(`overshooting +${robust.correct} +${fooled} `),
    );
  });

  it('has another fingerprint in another version or with another parameter', async () => {
    const stages = both;
    const { spec } = await planned(compose(stages));
    undo.splice(0).forEach((take) => take());
    const { spec: later } = await planned(compose(stages, { version: '1.3.0' }));
    undo.splice(0).forEach((take) => take());
    const { spec: longer } = await planned(compose(stages), { parameters: { effort: 'long' } });
    undo.splice(0).forEach((take) => take());
    const { spec: again } = await planned(compose(stages));
    expect(again.fingerprint).toBe(spec.fingerprint);
    expect(new Set([spec, later, longer].map(({ fingerprint }) => fingerprint)).size).toBe(3);
  });

  it('depends on its parameters and the threat', async () => {
    const composite = compose(({ effort }, kind) =>
      effort === 'long' && kind === 'lp' ? both() : both().slice(1),
    );
    const { spec } = await planned(composite, { parameters: { effort: 'long' } });
    expect(spec.plan.kind === 'cascade' && spec.plan.stages.length).toBe(2);
  });

  it.each<[string, Partial<AttackRequest>, string]>([
    ['a norm it does not claim', { threat: { kind: 'lp', norm: 'l2', epsilon: 1 } }, 'THREAT_UNSUPPORTED'],
    ['a goal it does not claim', { goal: { kind: 'targeted', target: 'next' } }, 'THREAT_UNSUPPORTED'],
    ['a parameter out of range', { parameters: { effort: 'endless' } }, 'PARAMETER_INVALID'],
    [
      'a surrogate',
      { surrogate: { id: 'other', path: 'memory', sha256: 'b'.repeat(64) } },
      'THREAT_UNSUPPORTED',
    ],
  ])('refuses %s', async (_what, request, key) => {
    await expect(planned(compose(both), request)).rejects.toMatchObject({ key });
  });

  it('refuses to run no attack at all, which would leave everything robust', async () => {
    await expect(planned(compose(() => []))).rejects.toMatchObject({ key: 'PLUGIN_FAILED' });
  });
});

describe('a composite in a suite', () => {
  const suite = (entry: string) => `
id: test
version: 1
title: Test
dataset: { source: mnist, split: test }
examples: { first: 10 }
models: [linear]
seed: 0
entries:
${entry}`;
  const attackEntry =
    '  - { kind: attack, id: two, attack: two-step, threat: { kind: lp, norm: linf, epsilon: 0.1 } }';
  const curveEntry = '  - { kind: curve, id: two, attack: two-step, norm: linf, epsilons: [0.1, 0.2] }';

  async function plannedSuite(entry: string) {
    undo.push(registerPlugin(compose(both)));
    const place = await world({ attacks: [still, overshooting] });
    const { model } = place.spec({ kind: 'cascade', stages: [] });
    const parsed = await parseSuite(suite(entry), 'test.yaml');
    return planSuite(parsed, [model], { services: place.services, engine: ENGINE });
  }

  it('is one column, a cascade named by the composite', async () => {
    const [spec] = await plannedSuite(attackEntry);
    expect(spec).toMatchObject({ entry: 'two', title: 'Two-step (quick) Linf 0.1' });
    expect(spec!.plan).toMatchObject({ kind: 'cascade', composite: { plugin: { id: 'two-step' } } });
  });

  it('cannot be a curve, where each budget is one attack', async () => {
    await expect(plannedSuite(curveEntry)).rejects.toMatchObject({ key: 'UNKNOWN_ATTACK' });
  });
});
