import type { PluginReference } from '../evaluate/cell.js';
import { GauntletError, type ErrorKey } from '../errors.js';
import {
  allArchitectures,
  architecturesOf,
  builtInArchitectures,
  type Architectures,
} from '../models/architectures/registry.js';
import { didYouMean } from '../text/suggest.js';
import type { AttackPlugin } from './attack.js';
import { builtinPlugins } from './builtin.generated.js';
import type { CompositePlugin } from './composite.js';
import type { CorruptionPlugin } from './corruption.js';
import { listingOf, type ListingOf, type PluginListing, type PluginOrigin } from './listing.js';
import { importPlugin, resolvePluginModule } from './load.js';
import type { LossPlugin } from './loss.js';
import { checkPlugin, type Plugin, type PluginKind } from './validate.js';

/** Kinds that are looked up here. Losses live with the classifier; architectures are handed to who reads recipes. */
type ListedKind = 'attack' | 'composite' | 'corruption';

interface Registered {
  readonly plugin: Plugin;
  readonly origin: PluginOrigin;
}

const registered = new Map<string, Registered>();

const UNKNOWN: Readonly<Record<ListedKind, ErrorKey>> = {
  attack: 'UNKNOWN_ATTACK',
  composite: 'UNKNOWN_ATTACK',
  corruption: 'UNKNOWN_CORRUPTION',
};

/** Attacks built in and registered, by id. */
export function listAttacks(): ListingOf<'attack'>[] {
  return listed('attack') as ListingOf<'attack'>[];
}

/** Composites built in and registered, by id. */
export function listComposites(): ListingOf<'composite'>[] {
  return listed('composite') as ListingOf<'composite'>[];
}

/** Corruptions built in and registered, by id. */
export function listCorruptions(): ListingOf<'corruption'>[] {
  return listed('corruption') as ListingOf<'corruption'>[];
}

/** The architectures built in and registered: what the recipes of this process may name. */
export function knownArchitectures(): Architectures {
  const own = ownArchitectures().map(({ plugin }) => plugin);
  return own.length === 0
    ? builtInArchitectures
    : architecturesOf([...allArchitectures(builtInArchitectures), ...own]);
}

/** Architectures built in and registered: backbones, then heads, of each the built-in ones first. */
export function listArchitectures(): ListingOf<'architecture'>[] {
  const origins = new Map<unknown, PluginOrigin>(
    ownArchitectures().map(({ plugin, origin }) => [plugin, origin]),
  );
  return allArchitectures(knownArchitectures()).map(
    (plugin) => listingOf(plugin, origins.get(plugin) ?? { from: 'built-in' }) as ListingOf<'architecture'>,
  );
}

const ownArchitectures = () =>
  [...registered.values()].flatMap(({ plugin, origin }) =>
    plugin.kind === 'architecture' ? [{ plugin, origin }] : [],
  );

/**
 * The attack of that id or reference.
 * @throws GauntletError UNKNOWN_ATTACK, and what importPlugin throws.
 */
export async function loadAttack(reference: PluginReference | string): Promise<AttackPlugin> {
  return (await load('attack', reference)) as AttackPlugin;
}

/**
 * The composite of that id or reference; undefined where an attack or nothing has it.
 * @throws GauntletError what importPlugin throws, PLUGIN_INVALID when it is at another version.
 */
export async function findComposite(
  reference: PluginReference | string,
): Promise<CompositePlugin | undefined> {
  const wanted = asReference(reference);
  const known =
    wanted.module === undefined
      ? listComposites().some(({ metadata }) => metadata.id === wanted.id)
      : (await importPlugin(wanted.module)).kind === 'composite';
  return known ? ((await load('composite', wanted)) as CompositePlugin) : undefined;
}

/**
 * The corruption of that id or reference.
 * @throws GauntletError UNKNOWN_CORRUPTION, and what importPlugin throws.
 */
export async function loadCorruption(reference: PluginReference | string): Promise<CorruptionPlugin> {
  return (await load('corruption', reference)) as CorruptionPlugin;
}

/**
 * The loss of that id or reference; a module's loss is registered with the classifier's.
 * @throws GauntletError UNKNOWN_LOSS, and what importPlugin throws.
 */
export async function loadLoss(reference: PluginReference | string): Promise<LossPlugin> {
  const { lossById, registerLoss } = await import('../classifier/losses/index.js');
  const { id, module } = asReference(reference);
  if (module === undefined) return lossById(id);
  const loss = await importAs('loss', { id, version: '', module });
  registerLoss(loss as LossPlugin);
  return loss as LossPlugin;
}

/**
 * Makes a plugin known in this process. Without `module` it exists in memory only and runs in the inline executor.
 *
 * @param module absolute path or package name it can be imported from.
 * @returns takes it out again.
 * @throws GauntletError PLUGIN_INVALID when it is no plugin or another one has its id, PLUGIN_API.
 */
export function registerPlugin(plugin: unknown, module?: string): () => void {
  checkPlugin(plugin, module);
  const name = nameOf(plugin.kind, plugin.metadata.id);
  const other = namesakes(plugin.kind).find((kind) => isTaken(kind, plugin));
  if (other !== undefined) {
    throw new GauntletError(
      'PLUGIN_INVALID',
      `${module === undefined ? '' : `${module}: `}there is another ${other} called "${plugin.metadata.id}"; choose another id`,
    );
  }
  registered.set(name, {
    plugin,
    origin: module === undefined ? { from: 'memory' } : { from: 'module', module },
  });
  return () => void registered.delete(name);
}

/**
 * Imports a user's plugin and registers it, as `--plugin` and the configuration file do.
 *
 * @param specifier a path or a package name.
 * @param folder what it is relative to.
 * @throws GauntletError PLUGIN_INVALID, PLUGIN_API, PLUGIN_FAILED.
 */
export async function loadPlugin(
  specifier: string,
  folder?: string,
): Promise<{ readonly plugin: Plugin; readonly reference: PluginReference }> {
  const module = resolvePluginModule(specifier, folder);
  const plugin = await importPlugin(module, folder);
  if (plugin.kind === 'loss') {
    const { registerLoss } = await import('../classifier/losses/index.js');
    registerLoss(plugin);
    return { plugin, reference: { id: plugin.metadata.id, version: '', module } };
  }
  registerPlugin(plugin, module);
  return { plugin, reference: { id: plugin.metadata.id, version: plugin.metadata.version, module } };
}

async function load(kind: ListedKind, reference: PluginReference | string): Promise<Plugin> {
  const wanted = asReference(reference);
  const plugin = wanted.module === undefined ? await loadById(kind, wanted.id) : await importAs(kind, wanted);
  const { version } = (plugin as AttackPlugin | CompositePlugin | CorruptionPlugin).metadata;
  if (wanted.version !== '' && wanted.version !== version) {
    throw new GauntletError(
      'PLUGIN_INVALID',
      `the run was planned with ${kind} "${wanted.id}" ${wanted.version}, but it is now at ${version}`,
      { help: 'Plan the run again.' },
    );
  }
  return plugin;
}

async function loadById(kind: ListedKind, id: string): Promise<Plugin> {
  const known = registered.get(nameOf(kind, id));
  if (known !== undefined) return known.plugin;
  const found = builtin(kind, id);
  if (found !== undefined) return (await found.load()).default as Plugin;
  const ids = namesakes(kind).flatMap((each) =>
    listed(each as ListedKind).map(({ metadata }) => metadata.id),
  );
  if (ids.includes(id)) {
    throw new GauntletError(UNKNOWN[kind], `"${id}" is not one ${kind} but a composite of several`, {
      help: 'Name it where a whole attack is asked for, not as a part of one.',
    });
  }
  throw new GauntletError(UNKNOWN[kind], `no ${kind} is called "${id}"${didYouMean(id, ids)}`);
}

async function importAs(kind: PluginKind, { id, module }: PluginReference): Promise<Plugin> {
  const plugin = await importPlugin(module!);
  if (plugin.kind === kind && plugin.metadata.id === id) return plugin;
  throw new GauntletError(
    'PLUGIN_INVALID',
    `${module!} was expected to be the ${kind} "${id}"; it is the ${plugin.kind} "${plugin.metadata.id}"`,
  );
}

function listed(kind: ListedKind): PluginListing[] {
  return [
    ...builtinPlugins.map(({ listing }) => listing),
    ...[...registered.values()].map(({ plugin, origin }) => listingOf(plugin, origin)),
  ].filter((listing) => listing.kind === kind);
}

function builtin(kind: PluginKind, id: string): (typeof builtinPlugins)[number] | undefined {
  return builtinPlugins.find(({ listing }) => listing.kind === kind && listing.metadata.id === id);
}

/** Kinds that share their ids: a composite stands where an attack may be named. */
function namesakes(kind: PluginKind): readonly PluginKind[] {
  return kind === 'attack' || kind === 'composite' ? ['attack', 'composite'] : [kind];
}

function isTaken(kind: PluginKind, plugin: Plugin): boolean {
  const { id } = plugin.metadata;
  const known = registered.get(nameOf(kind, id));
  return isBuiltIn(kind, id) || (known !== undefined && known.plugin !== plugin);
}

function isBuiltIn(kind: PluginKind, id: string): boolean {
  if (kind !== 'architecture') return builtin(kind, id) !== undefined;
  const { backbones, heads } = builtInArchitectures;
  return backbones.has(id) || heads.has(id);
}

function nameOf(kind: PluginKind, id: string): string {
  return `${kind} ${id}`;
}

/** An empty version means whichever there is. */
function asReference(reference: PluginReference | string): PluginReference {
  return typeof reference === 'string' ? { id: reference, version: '' } : reference;
}
