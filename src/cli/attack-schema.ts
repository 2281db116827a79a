import type { ParameterSchema } from '../plugin/attack.js';
import { builtinAttackParameters } from './attack-flags.js';

/**
 * The parameters of an attack: of a built-in one from the index, of a user's own by importing the plugins named.
 * @returns undefined when there is no such attack
 * @throws GauntletError PLUGIN_INVALID, PLUGIN_API, PLUGIN_FAILED
 */
export async function attackParameters(
  id: string,
  plugins: readonly string[],
): Promise<ParameterSchema | undefined> {
  const builtin = builtinAttackParameters(id);
  if (builtin !== undefined || plugins.length === 0) return builtin;
  const { importPlugin, resolvePluginModule } = await import('../plugin/load.js');
  for (const specifier of plugins) {
    const plugin = await importPlugin(resolvePluginModule(specifier));
    const nameable = plugin.kind === 'attack' || plugin.kind === 'composite';
    if (nameable && plugin.metadata.id === id) return plugin.parameters;
  }
  return undefined;
}
