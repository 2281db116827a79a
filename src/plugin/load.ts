import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GauntletError, messageOf } from '../errors.js';
import { lacksOwnPackage, offerOwnPackage } from './own-package.js';
import { checkPlugin, type Plugin } from './validate.js';

/**
 * The absolute path of a plugin file, or the name of a package as it is.
 *
 * @param specifier as the user gave it: something that starts with a dot or contains a slash or a file ending is a path,
 *   unless a package of that name can be resolved.
 * @param folder what relative paths are relative to.
 */
export function resolvePluginModule(specifier: string, folder = process.cwd()): string {
  const path = resolve(folder, specifier);
  return /^\.|^\/|\.[cm]?[jt]s$/.test(specifier) || existsSync(path) ? path : specifier;
}

/**
 * Imports a plugin from a file or package and checks it.
 *
 * @param module absolute path or package name, as resolvePluginModule returns it.
 * @param folder where packages are looked for first; then among Gauntlet's own.
 * @throws GauntletError PLUGIN_INVALID (not found, or not a plugin: the message names the field), PLUGIN_API,
 *   PLUGIN_FAILED when importing it throws.
 */
export async function importPlugin(module: string, folder = process.cwd()): Promise<Plugin> {
  const exported = await importDefault(module, folder);
  checkPlugin(exported, module);
  return exported;
}

/**
 * The default export of a user's file or package.
 * @throws GauntletError PLUGIN_INVALID when there is none, PLUGIN_FAILED when importing it throws; an error of the catalogue that
 *   it throws keeps its key.
 */
export async function importDefault(module: string, folder = process.cwd()): Promise<unknown> {
  const url = importable(module, folder);
  let exported: { readonly default?: unknown };
  try {
    exported = await importModule(url);
  } catch (error) {
    throw importError(module, error);
  }
  if (exported.default === undefined)
    throw new GauntletError('PLUGIN_INVALID', `${module} has no default export`);
  return exported.default;
}

/** Imports a module; one that only lacks a copy of this package beside it is given the running one. */
async function importModule(url: string): Promise<{ readonly default?: unknown }> {
  try {
    return (await import(url)) as { readonly default?: unknown };
  } catch (error) {
    if (!lacksOwnPackage(error)) throw error;
    offerOwnPackage();
    // Node remembers that the first address could not be linked; a query makes it another one.
    return (await import(`${url}?own`)) as { readonly default?: unknown };
  }
}

function importable(module: string, folder: string): string {
  if (resolve(folder, module) === module) {
    if (existsSync(module)) return pathToFileURL(module).href;
    throw new GauntletError('PLUGIN_INVALID', `${module} does not exist`);
  }
  for (const from of [pathToFileURL(resolve(folder, 'noop.js')), import.meta.url]) {
    try {
      return pathToFileURL(createRequire(from).resolve(module)).href;
    } catch (error) {
      // A package that only `import` may enter: it is there, let import() find its entry.
      if ((error as { code?: string }).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') return module;
    }
  }
  throw new GauntletError('PLUGIN_INVALID', `there is no package or file "${module}"`);
}

function importError(module: string, error: unknown): GauntletError {
  // `define*` throws errors of the catalogue that name the field; what they lack is the file.
  return error instanceof GauntletError
    ? new GauntletError(error.key, `${module}: ${error.message}`, { cause: error })
    : new GauntletError('PLUGIN_FAILED', `${module} threw while it was imported: ${messageOf(error)}`, {
        cause: error,
      });
}
