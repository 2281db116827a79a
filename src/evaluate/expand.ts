import { GauntletError } from '../errors.js';
import { resolveParameters } from '../plugin/parameters.js';
import { findComposite } from '../plugin/registry.js';
import type { SuiteStage } from '../suite/suite.js';
import type { CompositeUse, PluginReference } from './cell.js';
import { requireSupport } from './support.js';

/** A composite and the attacks it stands for. */
interface Expansion {
  readonly composite: CompositeUse;
  readonly stages: readonly SuiteStage[];
}

/**
 * The stages of a composite; undefined when the reference is an attack's.
 * @throws GauntletError THREAT_UNSUPPORTED, PARAMETER_INVALID, PLUGIN_FAILED when it has no stage to run
 */
export async function expandComposite(
  reference: PluginReference,
  { attack: id, parameters: given, threat, goal }: SuiteStage,
): Promise<Expansion | undefined> {
  const plugin = await findComposite(reference);
  if (plugin === undefined) return undefined;
  requireSupport(plugin, { threat, goal });
  const parameters = resolveParameters(plugin.parameters, given, id);
  const stages = plugin
    .stages(parameters, { threat, goal })
    .map((stage) => ({ attack: stage.attack, parameters: stage.parameters, threat, goal }));
  // Without a stage every example would count as robust.
  if (stages.length === 0) throw new GauntletError('PLUGIN_FAILED', `${id} has no attack for this threat.`);
  return {
    composite: { plugin: { ...reference, version: plugin.metadata.version }, parameters },
    stages,
  };
}
