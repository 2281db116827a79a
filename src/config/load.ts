import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { loadConfig } from 'c12';
import { GauntletError, messageOf } from '../errors.js';
import { ownSchema } from '../text/own-schema.js';
import { configSchema, type ConfigFile } from './schema.js';

/** The configuration in force: paths made absolute, and the file it came from. */
export interface Config {
  /** Absolute path of the file; null when there is none. */
  readonly file: string | null;
  /** Absolute paths and package names. */
  readonly plugins: readonly string[];
  readonly dataDir?: string;
  readonly frostTextures?: string;
  /** Address of a mirror of data sets. */
  readonly mirror?: string;
  readonly out?: string;
  readonly jobs?: number;
  readonly batchSize?: number;
}

const NO_CONFIG: Config = { file: null, plugins: [] };

const check = ownSchema<ConfigFile>(configSchema, { allErrors: true });

/**
 * Reads `gauntlet.config.{ts,js,mjs,json,yaml,...}` of the working folder.
 * @param request a file to read instead, or false to read none
 * @throws GauntletError CONFIG_INVALID when the file is missing though named, cannot be read, or breaks the schema
 */
export async function loadGauntletConfig(
  cwd: string = process.cwd(),
  request?: string | false,
): Promise<Config> {
  if (request === false) return NO_CONFIG;
  if (request !== undefined && !existsSync(resolve(cwd, request))) {
    throw new GauntletError('CONFIG_INVALID', `There is no configuration file at ${resolve(cwd, request)}.`);
  }
  const { content, file } = await read(cwd, request);
  if (file === null) return NO_CONFIG;
  const checked = check(content);
  if (!checked.valid) {
    const problems = checked.errors.map((error) => {
      const extra = (error.params as { additionalProperty?: string }).additionalProperty;
      return `${error.instancePath || '/'} ${error.message ?? 'is wrong'}${extra === undefined ? '' : `: "${extra}"`}`;
    });
    throw new GauntletError('CONFIG_INVALID', `${file}: ${problems.join('; ')}.`);
  }
  return absolutePaths(checked.value, file);
}

async function read(
  cwd: string,
  request: string | undefined,
): Promise<{ content: unknown; file: string | null }> {
  try {
    const loaded = await loadConfig({
      name: 'gauntlet',
      cwd,
      ...(request === undefined ? {} : { configFile: resolve(cwd, request) }),
      // One file, as it stands: nothing is fetched, merged or read from the environment.
      rcFile: false,
      globalRc: false,
      dotenv: false,
      packageJson: false,
      extend: false,
      envName: false,
    });
    const file = loaded._configFile ?? null;
    return { content: loaded.config, file: file !== null && existsSync(file) ? file : null };
  } catch (error) {
    throw new GauntletError('CONFIG_INVALID', `The configuration cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Package names stay as they are; everything that looks like a path is resolved against the file's folder. */
function absolutePaths(content: ConfigFile, file: string): Config {
  const folder = dirname(file);
  const path = (value: string) => resolve(folder, value);
  const looksLikePath = (specifier: string) => specifier.startsWith('.') || isAbsolute(specifier);
  return {
    ...content,
    file,
    plugins: (content.plugins ?? []).map((plugin) => (looksLikePath(plugin) ? path(plugin) : plugin)),
    ...(content.dataDir === undefined ? {} : { dataDir: path(content.dataDir) }),
    ...(content.frostTextures === undefined ? {} : { frostTextures: path(content.frostTextures) }),
    ...(content.out === undefined ? {} : { out: path(content.out) }),
  };
}
