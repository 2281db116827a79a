import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { messageOf } from '../errors.js';
import { packageName, packageRoot } from '../resources.js';

/** What a plugin may import from Gauntlet, and the module it gets. */
const OWN = {
  'gauntlet-bench': 'dist/src/index.js',
  'gauntlet-bench/plugin': 'dist/src/plugin/index.js',
  'gauntlet-bench/testing': 'dist/src/plugin/testing.js',
} as const;

let registered = false;

/** Whether an import failed because Gauntlet itself was not found. */
export function lacksOwnPackage(error: unknown): boolean {
  return (
    (error as { code?: string }).code === 'ERR_MODULE_NOT_FOUND' &&
    messageOf(error).includes(`'${packageName}'`)
  );
}

/**
 * Lets a plugin anywhere on the disk import `gauntlet-bench/plugin`: where no installed copy is found from its folder (a clone, a
 * global install, npx), it gets the one that is running. Once per thread.
 */
export function offerOwnPackage(): void {
  if (registered) return;
  registered = true;
  const urls = Object.entries(OWN).map(([name, file]) => [name, pathToFileURL(join(packageRoot, file)).href]);
  const hook = `
    const own = new Map(${JSON.stringify(urls)});
    export async function resolve(specifier, context, next) {
      try {
        return await next(specifier, context);
      } catch (error) {
        const url = own.get(specifier);
        if (error.code !== 'ERR_MODULE_NOT_FOUND' || url === undefined) throw error;
        return { url, shortCircuit: true };
      }
    }`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}
