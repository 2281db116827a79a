import type { PassCount } from '../classifier/classifier.js';
import type { AttackPlugin, CostModel } from './attack.js';
import { resolveParameters } from './parameters.js';

/**
 * Passes that an attack spends on an example at most, those of the attacks it runs included.
 * @param parameters complete ones.
 * @param loadAttack finds an attack by its id.
 * @throws GauntletError UNKNOWN_ATTACK, PARAMETER_INVALID where it runs an attack that is not there, or not so.
 */
export async function costOf(
  attack: AttackPlugin,
  parameters: Readonly<Record<string, unknown>>,
  model: CostModel,
  loadAttack: (id: string) => Promise<AttackPlugin>,
): Promise<PassCount> {
  const { cost, runs } = attack.metadata;
  const inner: PassCount[] = [];
  for (const { attack: id, parameters: given } of runs?.(parameters) ?? []) {
    const plugin = await loadAttack(id);
    inner.push(await costOf(plugin, resolveParameters(plugin.parameters, given, id), model, loadAttack));
  }
  return cost(parameters, model, inner);
}
