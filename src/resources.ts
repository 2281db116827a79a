import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GauntletError } from './errors.js';

/** Name in package.json, which plugins import. */
export const packageName = 'gauntlet-bench';

/** What of package.json the program itself reads. */
interface Manifest {
  readonly name?: string;
  readonly version?: string;
}

/** Nearest folder at or above `folder` whose package.json is Gauntlet's. */
function findPackage(folder: string): { root: string; manifest: Manifest } {
  const file = join(folder, 'package.json');
  if (existsSync(file)) {
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
    if (manifest.name === packageName) return { root: folder, manifest };
  }
  const parent = dirname(folder);
  if (parent === folder) {
    throw new GauntletError(
      'INTERNAL',
      `no package.json of ${packageName} above ${fileURLToPath(import.meta.url)}`,
    );
  }
  return findPackage(parent);
}

// Source run by the tests, the build in dist/ and an installed package lie at different depths below the same root.
const { root, manifest } = findPackage(dirname(fileURLToPath(import.meta.url)));

/** Absolute path of the package's root folder. */
export const packageRoot: string = root;

/** Version in package.json. */
export const packageVersion: string = manifest.version ?? '0.0.0';

/** Folders that come with the package. */
const folders = { suites: 'suites', zoo: 'zoo', schemas: join('results', 'schema') } as const;

/** Absolute path of a folder that comes with the package, or of something in it. */
export function resourcePath(folder: keyof typeof folders, ...inside: string[]): string {
  return join(packageRoot, folders[folder], ...inside);
}
