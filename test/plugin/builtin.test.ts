import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { builtinPlugins } from '../../src/plugin/builtin.generated.js';
import { renderBuiltinIndex, type BuiltinSource } from '../../src/plugin/generate-index.js';
import { checkPlugin } from '../../src/plugin/validate.js';

const root = join(import.meta.dirname, '../..');
const generated = join(root, 'src/plugin/builtin.generated.ts');

/** Files of a folder whose default export is a plugin; the others hold data or helpers. */
async function pluginsIn(folder: string): Promise<BuiltinSource[]> {
  const sources: BuiltinSource[] = [];
  for (const file of readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.ts'))
    .sort()) {
    const { default: plugin } = (await import(join(root, folder, file))) as { default?: unknown };
    if (plugin === undefined) continue;
    checkPlugin(plugin, file);
    sources.push({ plugin, module: `${folder}/${basename(file, '.ts')}.js` });
  }
  return sources;
}

const sources = [...(await pluginsIn('attacks')), ...(await pluginsIn('corruptions'))];

describe('the index of built-in plugins', () => {
  it('is what the folders hold', () => {
    const fresh = renderBuiltinIndex(sources);
    if (process.env.UPDATE_GENERATED === '1') writeFileSync(generated, fresh);
    expect(readFileSync(generated, 'utf8')).toBe(fresh);
  });

  it('loads each plugin from the module it names', async () => {
    for (const { listing, load } of builtinPlugins) {
      const { default: plugin } = await load();
      checkPlugin(plugin);
      expect(plugin.kind).toBe(listing.kind);
      expect(plugin.metadata.id).toBe(listing.metadata.id);
    }
  });

  it('knows pgd and fgsm', () => {
    const ids = builtinPlugins.map(({ listing }) => listing.metadata.id);
    expect(ids).toEqual(expect.arrayContaining(['fgsm', 'pgd']));
  });

  it('names every plugin as its file', () => {
    for (const { plugin, module } of sources) expect(basename(module, '.js')).toBe(plugin.metadata.id);
  });
});
