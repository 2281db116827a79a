import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GauntletError, messageOf } from '../errors.js';
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
  const url = importable(module, folder);
  let exported: { readonly default?: unknown };
  try {
    exported = (await import(url)) as { readonly default?: unknown };
  } catch (error) {
    throw importError(module, url, error);
  }
  if (exported.default === undefined)
    throw new GauntletError('PLUGIN_INVALID', `${module} has no default export`);
  checkPlugin(exported.default, module);
  return exported.default;
}

function importable(module: string, folder: string): string {
  if (resolve(folder, module) === module) {
    if (!existsSync(module)) throw new GauntletError('PLUGIN_INVALID', `${module} does not exist`);
    return pathToFileURL(module).href;
  }
  try {
    return pathToFileURL(createRequire(resolve(folder, 'noop.js')).resolve(module)).href;
  } catch {
    // A package without a CommonJS entry: let import() look for it.
    return module;
  }
}

function importError(module: string, url: string, error: unknown): GauntletError {
  // `define*` throws errors of this catalogue, with the field; the file is what is missing from them.
  if (error instanceof GauntletError) {
    return new GauntletError(error.key, `${module}: ${error.message}`, { cause: error });
  }
  const { code } = error as { code?: string };
  const missing =
    code === 'ERR_MODULE_NOT_FOUND' && url === module && messageOf(error).includes(`'${module}'`);
  if (missing) {
    return new GauntletError('PLUGIN_INVALID', `there is no package or file "${module}"`, { cause: error });
  }
  return new GauntletError('PLUGIN_FAILED', `${module} threw while it was imported: ${messageOf(error)}`, {
    cause: error,
  });
}
