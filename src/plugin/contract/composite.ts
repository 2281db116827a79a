import { isDeepStrictEqual } from 'node:util';
import { requireSupport } from '../../evaluate/support.js';
import { GauntletError, messageOf } from '../../errors.js';
import type { CompositePlugin, CompositeSetting, CompositeStage } from '../composite.js';
import { defaultParameters, parameterProperties, resolveParameters } from '../parameters.js';
import { loadAttack } from '../registry.js';
import type { GoalSpec, ThreatSpec } from '../threat.js';
import { checkPlugin } from '../validate.js';
import { expect } from './checks.js';
import type { ContractCheck } from './contract.js';
import { situationsOf, type Situation } from './situation.js';

/**
 * The rules every composite keeps, as named checks: in each combination of threat model and goal its metadata name, and for each
 * choice its parameters offer, it has stages, of registered attacks that take that combination and those parameters. A choice
 * may be refused with PARAMETER_INVALID, but not the defaults.
 *
 *     for (const check of compositeContract(composite)) test(check.name, () => check.run());
 */
export function compositeContract(composite: unknown): ContractCheck[] {
  const problem = metadataProblem(composite);
  const id = (composite as { metadata?: { id?: string } } | null)?.metadata?.id ?? 'the plugin';
  const complete: ContractCheck = {
    name: `${id} has complete metadata and parameters`,
    run: () => (problem === null ? Promise.resolve() : Promise.reject(new Error(problem))),
  };
  if (problem !== null) return [complete];
  const plugin = composite as CompositePlugin;
  const checks = situationsOf(plugin.metadata).flatMap((situation) =>
    choicesOf(plugin).map((choice) => ({
      name: `${id} has stages that can be run (${[situation.name, ...Object.entries(choice).flat()].map(String).join(', ')})`,
      run: () => checkStages(plugin, situation, choice),
    })),
  );
  return [complete, ...checks];
}

function metadataProblem(composite: unknown): string | null {
  try {
    checkPlugin(composite);
    return composite.kind === 'composite' ? null : `it is a ${composite.kind}, not a composite`;
  } catch (error) {
    return messageOf(error);
  }
}

type Choice = Readonly<Record<string, unknown>>;

/** The defaults, then every other value of the parameters that list theirs. */
function choicesOf({ parameters }: CompositePlugin): Choice[] {
  const others = Object.entries(parameterProperties(parameters)).flatMap(([name, property]) => {
    const values = property.type === 'boolean' ? [true, false] : (property.enum ?? []);
    return values.filter((value) => value !== property.default).map((value) => ({ [name]: value }));
  });
  return [{}, ...others];
}

async function checkStages(plugin: CompositePlugin, situation: Situation, choice: Choice): Promise<void> {
  const setting = settingOf(situation);
  const parameters = { ...defaultParameters(plugin.parameters), ...choice };
  const stages = stagesOf(plugin, parameters, setting);
  if (stages === null) {
    expect(Object.keys(choice).length > 0, 'its own defaults are refused');
    return;
  }
  expect(stages.length > 0, 'it has no stage');
  expect(
    isDeepStrictEqual(stagesOf(plugin, parameters, setting), stages),
    'the same request gives other stages the second time',
  );
  for (const { attack: id, parameters: given } of stages) {
    const attack = await loadAttack(id);
    resolveParameters(attack.parameters, given, id);
    requireSupport(attack, setting);
  }
}

/** Null when the parameters are refused. */
function stagesOf(
  plugin: CompositePlugin,
  parameters: Choice,
  setting: CompositeSetting,
): readonly CompositeStage[] | null {
  try {
    return plugin.stages(parameters, setting);
  } catch (error) {
    if (error instanceof GauntletError && error.key === 'PARAMETER_INVALID') return null;
    throw error;
  }
}

const THREATS: Readonly<Record<ThreatSpec['kind'], (norm: Situation['norm']) => ThreatSpec>> = {
  lp: (norm) => ({ kind: 'lp', norm: norm ?? 'linf', epsilon: 0.1 }),
  minimum: (norm) => ({ kind: 'minimum', norm: norm ?? 'linf' }),
  box: () => ({ kind: 'box', file: 'box.npz', sha256: '0'.repeat(64) }),
  transform: () => ({
    kind: 'transform',
    ranges: { rotation: [-10, 10], translateX: [-1, 1], translateY: [-1, 1] },
  }),
  patch: () => ({ kind: 'patch', area: 0.1 }),
};

function settingOf({ threat, norm, goal }: Situation): CompositeSetting {
  const aim: GoalSpec = goal === 'untargeted' ? { kind: 'untargeted' } : { kind: 'targeted', target: 'next' };
  return { threat: THREATS[threat](norm), goal: aim };
}
