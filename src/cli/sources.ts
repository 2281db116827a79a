import type { Config } from '../config/load.js';
import type { Architectures } from '../models/architectures/registry.js';

/** Arguments that say where things come from, as `sourceOptions` declares them. */
export interface SourceArguments {
  readonly 'data-dir'?: string | undefined;
  readonly plugin?: readonly string[] | undefined;
  /** False after `--no-config`. */
  readonly config?: string | false | undefined;
}

/** The configuration the arguments ask for. */
export async function configOf({ config }: Pick<SourceArguments, 'config'>): Promise<Config> {
  const { loadGauntletConfig } = await import('../config/load.js');
  return loadGauntletConfig(process.cwd(), config);
}

/** The folder of data sets: the flag wins over GAUNTLET_DATA, which wins over the configuration. */
export async function dataDirOf(args: SourceArguments, known?: Config): Promise<string | undefined> {
  if (args['data-dir'] !== undefined) return args['data-dir'];
  const fromEnvironment = process.env['GAUNTLET_DATA'] ?? '';
  return fromEnvironment === '' ? (known ?? (await configOf(args))).dataDir : undefined;
}

/** The folder of photographs of frost: the flag wins over GAUNTLET_FROST_TEXTURES, which wins over the configuration. */
export function frostTexturesOf(
  args: { readonly 'frost-textures'?: string | undefined },
  config: Config,
): string | undefined {
  const fromEnvironment = process.env['GAUNTLET_FROST_TEXTURES'] ?? '';
  return args['frost-textures'] ?? (fromEnvironment === '' ? config.frostTextures : fromEnvironment);
}

/** Plugin modules of the configuration and of the command line, in that order. */
export function pluginsOf(args: SourceArguments, config: Config): readonly string[] {
  return [...config.plugins, ...(args.plugin ?? [])];
}

/**
 * Loads the plugins of configuration and command line, and gives what a recipe may name: the architectures built in and theirs.
 * @throws GauntletError PLUGIN_INVALID, PLUGIN_API, PLUGIN_FAILED
 */
export async function architecturesFrom(args: SourceArguments, config: Config): Promise<Architectures> {
  const { knownArchitectures, loadPlugin } = await import('../plugin/registry.js');
  for (const plugin of pluginsOf(args, config)) await loadPlugin(plugin);
  return knownArchitectures();
}
